import { createRequest } from '../sip/create-request.ts';
import type { SipRequest } from '../sip/message.ts';
import { sameHopHeaders } from './same-hop-headers.ts';

/**
 * The CANCEL for an INVITE that we sent (RFC 3261 §9.1): Request-URI, Call-ID, To, CSeq number, From, Route and top
 * Via are the INVITE's, so that it takes the same path and finds the same transaction.
 * @param reason value of a Reason header (RFC 3326), left out when undefined
 */
export function createCancel(invite: SipRequest, reason: string | undefined): SipRequest {
  const headers = sameHopHeaders(invite, 'CANCEL', invite.header('to') ?? '');
  if (reason !== undefined) headers.push(['Reason', reason]);
  return createRequest({ method: 'CANCEL', uri: invite.uriText, headers });
}
