import { type LooseRoute, looseRoute } from '../proxy/loose-route.ts';
import type { RecordRouteOptions } from '../proxy/record-route.ts';
import { defaultsOf } from '../routing/define-module.ts';
import type { RequestContext } from '../routing/request-context.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, type SipUri } from '../sip/uri.ts';
import { type RrModuleOptions, rrModule } from './rr-module.ts';

/** Who sends a request of a dialog: the one that opened it (downstream), or the other side. */
export type Direction = 'downstream' | 'upstream';

/** The `rr` module: staying in the path of a dialog, and following the path that was recorded. */
export class RecordRouteModule {
  readonly #isOurs: (host: string, port: number | undefined) => boolean;
  readonly #options: RrModuleOptions;
  /** Parameters that came before the Record-Route they are for. */
  readonly #parameters = new WeakMap<SipRequest, string>();
  /** Our own entry, of the requests that were routed by one. Their failure, branch and reply routes ask too. */
  readonly #ownEntries = new WeakMap<SipRequest, SipUri>();

  /** @param isOurs whether a host and port mean this server */
  constructor(
    isOurs: (host: string, port: number | undefined) => boolean,
    options: RrModuleOptions = defaultsOf(rrModule),
  ) {
    this.#isOurs = isOurs;
    this.#options = options;
  }

  /**
   * `record_route()`, `record_route_preset(address)`: later requests of the dialog come by this server (RFC 3261 §16.6
   * step 4).
   *
   * @param options what differs from the module's parameters
   * @returns false when the route is recorded already, which stays as it is
   */
  recordRoute(context: RequestContext, options: RecordRouteOptions = noOptions): boolean {
    if (context.recordRoute !== undefined) return false;
    const { enableFullLr, appendFromtag, enableDoubleRr, addUsername } = this.#options;
    const parameters = `${options.parameters ?? ''}${this.#parameters.get(context.request) ?? ''}`;
    context.recordRoute = {
      user: addUsername ? userOf(context) : undefined,
      fullLr: enableFullLr,
      fromTag: appendFromtag,
      double: enableDoubleRr,
      ...options,
      parameters: parameters === '' ? undefined : parameters,
    };
    return true;
  }

  /** `add_rr_param(parameter)`: one more parameter, with its semicolon, for the Record-Route that is or will be put. */
  addRrParam(context: RequestContext, parameter: string): void {
    const { recordRoute } = context;
    if (recordRoute !== undefined) {
      context.recordRoute = { ...recordRoute, parameters: `${recordRoute.parameters ?? ''}${parameter}` };
    } else this.#parameters.set(context.request, `${this.#parameters.get(context.request) ?? ''}${parameter}`);
  }

  /** `loose_route()`: does what the Route header says (RFC 3261 §16.4), and takes our own entries off it. */
  looseRoute(context: RequestContext): LooseRoute {
    const followed = looseRoute(context.request, this.#isOurs);
    // A strict router before us has put our own entry into the Request-URI; the message's is the true one now.
    if (followed.routed) context.revertUri();
    if (followed.own) this.#ownEntries.set(context.request, followed.own);
    return followed;
  }

  /**
   * The parameters of our own Route entry, from the first semicolon on, after `loose_route` has taken it off: what
   * `check_route_param` looks at.
   */
  routeParameters(context: RequestContext): string | undefined {
    return this.#ownEntries.get(context.request)?.params.toString();
  }

  /**
   * `is_direction`: who sends the request, by the From tag that our own Route entry remembers. Without a memory of it,
   * the one that opened the dialog.
   */
  direction(context: RequestContext): Direction {
    const opener = this.#ownEntries.get(context.request)?.params.get('ftag');
    const { from } = context.request;
    if (opener === undefined || isSipError(from)) return 'downstream';
    return from.tag === unescaped(opener) ? 'downstream' : 'upstream';
  }
}

const noOptions: RecordRouteOptions = {};

function userOf({ parsedUri }: RequestContext): string | undefined {
  return isSipError(parsedUri) || !isSipUri(parsedUri) ? undefined : parsedUri.user;
}

// How a tag is written as a URI parameter: see `proxy/record-route.ts`.
function unescaped(tag: string): string {
  return tag.replaceAll('%60', '`').replaceAll('%25', '%');
}
