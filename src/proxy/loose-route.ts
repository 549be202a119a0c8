import type { NameAddr } from '../sip/headers/name-addr.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError, type SipError } from '../sip/sip-error.ts';
import { isSipUri, type SipUri } from '../sip/uri.ts';
import type { IsOurs } from './loop-detection.ts';

/** What `looseRoute` found. */
export interface LooseRoute {
  /**
   * Whether the Route header decided the next hop. Also true when only entries of ours were there and the request is
   * in a dialog: its Request-URI is the remote target then.
   */
  readonly routed: boolean;
  /** Whether the To header has a tag. A routed request outside a dialog brought its routes along: think twice. */
  readonly inDialog: boolean;
  /** The entry that is the next hop now; it stays in the header. */
  readonly nextHop: string | undefined;
  /** Our own entry, which was removed: its parameters are what this server once recorded. */
  readonly own: SipUri | undefined;
  /** The second entry of a double Record-Route: it names the listener to send from. */
  readonly outgoing: SipUri | undefined;
  /** Why the Route header could not be read. */
  readonly problem: SipError | undefined;
}

/**
 * Route information preprocessing (RFC 3261 §16.4; `loose_route`): undoes what a strict router before us did, and
 * removes our own entries. What a strict router after us needs is done when the copy is sent (§16.6 step 6).
 *
 * @param request changed in place when there is something of ours to remove
 */
export function looseRoute(request: SipRequest, isOurs: IsOurs): LooseRoute {
  const to = request.to;
  const inDialog = !isSipError(to) && to.tag !== undefined;
  if (!request.has('route')) return outcome(false, inDialog);

  const routes = request.routes;
  if (isSipError(routes)) return { ...outcome(false, inDialog), problem: routes };

  let own = strictPredecessor(request, inDialog, isOurs);
  if (own) restoreRequestUri(request, routes);

  let outgoing: SipUri | undefined;
  const first = ownFirstRoute(request, isOurs);
  if (first) {
    request.removeFirstValue('route');
    if (own?.params.has('r2') && first.params.has('r2')) outgoing = first;
    else if (first.params.has('r2')) {
      const second = ownFirstRoute(request, isOurs);
      if (second?.params.has('r2')) {
        outgoing = second;
        request.removeFirstValue('route');
      }
    }
    own ??= first;
  }

  const next = firstRoute(request);
  return {
    routed: next !== undefined || (inDialog && !isOwnEntry(request, isOurs)),
    inDialog,
    nextHop: next?.uriText,
    own,
    outgoing,
    problem: undefined,
  };
}

function outcome(routed: boolean, inDialog: boolean): LooseRoute {
  return { routed, inDialog, nextHop: undefined, own: undefined, outgoing: undefined, problem: undefined };
}

// RFC 3261 §16.4: a Request-URI that this server has put into a Record-Route comes from a strict router. Every entry
// of ours has `lr`; old routers that drop it still send no user part.
function strictPredecessor(request: SipRequest, inDialog: boolean, isOurs: IsOurs): SipUri | undefined {
  const uri = request.uri;
  if (isSipError(uri) || !isSipUri(uri) || !isOurs(uri.host, uri.port)) return undefined;
  return uri.params.has('lr') || (inDialog && uri.user === undefined) ? uri : undefined;
}

function isOwnEntry(request: SipRequest, isOurs: IsOurs): boolean {
  const uri = request.uri;
  return !isSipError(uri) && isSipUri(uri) && uri.params.has('lr') && isOurs(uri.host, uri.port);
}

// RFC 3261 §16.4: the strict router has put the remote target at the end of the Route header.
function restoreRequestUri(request: SipRequest, routes: readonly NameAddr[]): void {
  const last = routes.at(-1);
  if (!last) return;
  const values = request.values('route');
  if (values.length > 1) request.set('Route', values.slice(0, -1).join(', '));
  else request.remove('route');
  request.setUri(last.uriText);
}

function firstRoute(request: SipRequest): NameAddr | undefined {
  if (!request.has('route')) return undefined;
  const routes = request.routes;
  return isSipError(routes) ? undefined : routes[0];
}

function ownFirstRoute(request: SipRequest, isOurs: IsOurs): SipUri | undefined {
  const uri = firstRoute(request)?.uri;
  if (uri === undefined || isSipError(uri) || !isSipUri(uri)) return undefined;
  return isOurs(uri.host, uri.port) ? uri : undefined;
}
