import { viaField, viaLineBegin } from '../sip/headers/via.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError, SipError } from '../sip/sip-error.ts';
import { isSipUri, parseUri, type SipUri } from '../sip/uri.ts';
import type { Listener } from '../transport/flow.ts';
import { processMaxForwards } from './max-forwards.ts';
import type { Target } from './target.ts';

/**
 * Makes the copy of a request for one target (RFC 3261 §16.6 steps 1 to 3, 5 and 6): what does not depend on the hop
 * that it will be sent to. Record-Route and Via follow when that is known.
 *
 * @param template the request as the route has left it
 * @param countHop whether Max-Forwards is decremented here; false when the route has done so
 */
export function copyForTarget(template: SipRequest, target: Target, countHop: boolean): SipRequest {
  const copy = template.clone();
  if (copy.uriText !== target.uri) copy.setUri(target.uri);
  // A value of 0 was refused in §16.3 step 3; one that cannot be read passes unchanged.
  if (countHop) processMaxForwards(copy);
  if (target.path !== undefined) copy.prepend('Route', target.path);
  return copy;
}

/**
 * RFC 3261 §16.6 step 6: a first Route entry without `lr` belongs to a strict router. It expects itself in the
 * Request-URI, and the Request-URI at the end of the Route header.
 *
 * @param request the copy that goes out, changed in place
 */
export function prepareForStrictRouter(request: SipRequest): void {
  if (!request.has('route')) return;
  const routes = request.routes;
  if (isSipError(routes)) return;
  const first = routes[0];
  if (!first) return;
  const uri = first.uri;
  if (isSipError(uri) || !isSipUri(uri) || uri.params.has('lr')) return;
  request.set('Route', [...request.values('route'), `<${request.uriText}>`].join(', '));
  request.removeFirstValue('route');
  request.setUri(first.uriText);
}

/**
 * The URI that decides the next hop (RFC 3261 §16.6 step 7): the Path of a binding, the destination that was set,
 * the topmost Route, or the Request-URI.
 *
 * @param request after `prepareForStrictRouter`
 */
export function nextHopUri(request: SipRequest, target: Pick<Target, 'destination' | 'path'>): SipUri | SipError {
  if (target.path === undefined && target.destination !== undefined) return asSipUri(parseUri(target.destination));
  if (request.has('route')) {
    const routes = request.routes;
    if (isSipError(routes)) return routes;
    const first = routes[0]?.uri;
    // After a strict router's fix-up its address is in the Request-URI, and the entries below are not for us.
    if (first !== undefined && (isSipError(first) || !isSipUri(first) || first.params.has('lr')))
      return asSipUri(first);
  }
  return asSipUri(request.uri);
}

/**
 * RFC 3261 §16.6 step 8: our Via on top.
 * @param branch one of `newBranchParameter` or `statelessBranchParameter`
 */
export function addVia(request: SipRequest, listener: Listener, branch: string): void {
  let begin = viaBegins.get(listener);
  if (begin === undefined) {
    const { transport, advertisedHost: host, advertisedPort: port } = listener;
    begin = viaLineBegin({ transport: transport.toUpperCase(), host, port });
    viaBegins.set(listener, begin);
  }
  request.prependField(viaField(begin, branch));
}

/** What the Vias of each listener have in common. */
const viaBegins = new WeakMap<Listener, string>();

function asSipUri(uri: ReturnType<typeof parseUri>): SipUri | SipError {
  if (isSipError(uri) || isSipUri(uri)) return uri;
  return new SipError('SIP_UNSUPPORTED_SCHEME', 'a request can be sent to a SIP or SIPS URI only');
}
