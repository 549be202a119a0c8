import { assert } from '../base/assert.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';

/**
 * The headers of a request that belongs to `invite`'s hop: an ACK for a negative response (RFC 3261 §17.1.1.3) or a
 * CANCEL (§9.1). Both have one Via, equal to the INVITE's top one, and its Route.
 */
export function sameHopHeaders(invite: SipRequest, method: string, to: string): [string, string][] {
  const cseq = invite.cseq;
  assert(!isSipError(cseq), 'a request that we sent has a CSeq');
  const headers: [string, string][] = [['Via', invite.values('via')[0] ?? '']];
  for (const route of invite.headerLines('route')) headers.push(['Route', route.value]);
  headers.push(
    ['Max-Forwards', '70'],
    ['From', invite.header('from') ?? ''],
    ['To', to],
    ['Call-ID', invite.header('call-id') ?? ''],
    ['CSeq', `${cseq.number} ${method}`],
  );
  return headers;
}
