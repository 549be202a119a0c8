import { type LooseRoute, looseRoute } from '../proxy/loose-route.ts';
import type { RecordRouteOptions } from '../proxy/record-route.ts';
import type { RequestContext } from '../routing/request-context.ts';

/** The `rr` module: staying in the path of a dialog, and following the path that was recorded. */
export class RecordRouteModule {
  readonly #isOurs: (host: string, port: number | undefined) => boolean;

  /** @param isOurs whether a host and port mean this server */
  constructor(isOurs: (host: string, port: number | undefined) => boolean) {
    this.#isOurs = isOurs;
  }

  /** `record_route()`: later requests of the dialog come by this server (RFC 3261 §16.6 step 4). */
  recordRoute(context: RequestContext, options: RecordRouteOptions = {}): void {
    context.recordRoute = options;
  }

  /** `loose_route()`: does what the Route header says (RFC 3261 §16.4), and takes our own entries off it. */
  looseRoute(context: RequestContext): LooseRoute {
    const followed = looseRoute(context.request, this.#isOurs);
    // A strict router before us has put our own entry into the Request-URI; the message's is the true one now.
    if (followed.routed) context.revertUri();
    return followed;
  }
}
