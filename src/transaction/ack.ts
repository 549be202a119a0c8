import { createRequest } from '../sip/create-request.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { sameHopHeaders } from './same-hop-headers.ts';

/**
 * The ACK for a negative final response (RFC 3261 §17.1.1.3): Request-URI, Call-ID, From, Route and top Via of the
 * INVITE, To of the response.
 */
export function createAck(invite: SipRequest, response: SipResponse): SipRequest {
  const to = response.header('to') ?? invite.header('to') ?? '';
  return createRequest({ method: 'ACK', uri: invite.uriText, headers: sameHopHeaders(invite, 'ACK', to) });
}
