import { createRequest } from '../sip/create-request.ts';
import type { SipRequest, SipResponse } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';

/** What a SIP ping says. */
export interface SipPingParts {
  readonly method: string;
  /** Request-URI and To. */
  readonly target: string;
  /** From, a SIP URI: nathelper's `sipping_from`. */
  readonly from: string;
  /** `host:port` for the Via. */
  readonly sentBy: string;
  /** The host part of the Call-ID. */
  readonly host: string;
  readonly branch: string;
}

/**
 * Makes SIP requests that hold a NAT open and recognises their answers. An answer says nothing about the binding, so
 * no transaction waits for one: it is known by its Call-ID, `<prefix>-<counter>@<host>`, and swallowed.
 */
export class SipPings {
  readonly #prefix: string;
  #count = 0;

  /** @param prefix unguessable and fresh per run, so that nobody can make the server swallow other responses */
  constructor(prefix: string) {
    this.#prefix = `${prefix}-`;
  }

  /** A request as RFC 3261 §8.1.1 wants it. There is no Contact: nobody shall send anything back but the answer. */
  create(parts: SipPingParts): SipRequest {
    this.#count += 1;
    const count = this.#count.toString(16);
    return createRequest({
      method: parts.method,
      uri: parts.target,
      headers: [
        ['Via', `SIP/2.0/UDP ${parts.sentBy};branch=z9hG4bK${parts.branch}`],
        ['Max-Forwards', '70'],
        ['From', `<${parts.from}>;tag=${count}`],
        ['To', `<${parts.target}>`],
        ['Call-ID', `${this.#prefix}${count}@${parts.host}`],
        ['CSeq', `1 ${parts.method}`],
      ],
    });
  }

  /** Whether a response answers one of our pings: our Call-ID, the ping's method, and no Via below ours. */
  answers(response: SipResponse, method: string): boolean {
    const { callId, cseq, vias } = response;
    if (isSipError(callId) || isSipError(cseq) || isSipError(vias)) return false;
    return callId.startsWith(this.#prefix) && cseq.method === method && vias.length === 1;
  }
}
