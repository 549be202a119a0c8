import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { stripBrackets } from '../sip/uri.ts';
import type { Flow } from './flow.ts';

/**
 * Writes into the top Via where a request really came from: `received` when the Via does not say so itself
 * (RFC 3261 §18.2.1), `received` and `rport` when the client asked for `rport` (RFC 3581 §4). What a sender wrote
 * there about itself is replaced: replies go by these parameters.
 *
 * @param request changed in place; a Via that cannot be read is left alone
 * @param force whether to answer to the source port although the Via has no `rport` (`force_rport`)
 */
export function markReceived(request: SipRequest, flow: Flow, force = false): void {
  const via = request.topVia;
  if (isSipError(via)) return;
  const wantsPort = force || via.rport !== undefined;
  const isSource = stripBrackets(via.host) === flow.remoteAddress;
  if (!wantsPort && isSource && via.received === undefined) return;
  request.markTopVia(flow.remoteAddress, wantsPort ? flow.remotePort : undefined);
}
