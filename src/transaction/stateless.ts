import type { Clock } from '../base/clock.ts';
import type { Random } from '../base/random.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { type HalfSipHash, hexWord, keyedHash, randomWord } from './half-siphash.ts';
import { isUniqueBranch } from './key.ts';

/** How long after a stateless reply its ACK is expected, ms. */
export const ackWindowMs = 2_000;

/**
 * What makes replies without a transaction behave (RFC 3261 §8.2.7, OpenSER's sl): a To tag that is equal for every
 * retransmission of a request, and the ACK for a negative reply to an INVITE absorbed before it reaches the routes.
 */
export class StatelessReplies {
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #hash: HalfSipHash;
  #ackUntil = 0;

  /** @param parts `random` gives the secrets: a prefix that no other instance has, and the key of the hash */
  constructor(parts: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = parts.clock;
    this.#prefix = `${hexWord(randomWord(parts.random))}${hexWord(randomWord(parts.random))}${hexWord(randomWord(parts.random))}${hexWord(randomWord(parts.random))}.`;
    this.#hash = keyedHash(parts.random);
  }

  /**
   * The To tag of a stateless reply: 32 hex digits of this instance, a dot, 8 hex digits over the top Via's host,
   * port and branch. A branch without the magic cookie says nothing about its request, so that Call-ID and CSeq
   * number, which an ACK has in common with its INVITE, are then hashed as well.
   */
  toTag(request: SipRequest): string {
    const via = request.topVia;
    if (isSipError(via)) return this.#prefix + hexWord(0);
    if (isUniqueBranch(via.branch)) return this.toTagFor(via.host, via.port, via.branch ?? '');
    const { callId, cseq } = request;
    const number = isSipError(cseq) ? '' : cseq.number;
    return this.toTagFor(via.host, via.port, `${via.branch ?? ''};${isSipError(callId) ? '' : callId};${number}`);
  }

  /** The same for a request of which only the top Via's host, port and unique branch are known. */
  toTagFor(viaHost: string, viaPort: number | undefined, branch: string): string {
    return this.#prefix + hexWord(this.#hash.hash(`${viaHost}:${viaPort ?? ''};${branch}`));
  }

  /** A stateless reply was sent just now. */
  noteReply(): void {
    this.#ackUntil = this.#clock.now() + ackWindowMs;
  }

  /** Whether an ACK is for one of our stateless replies: one went out within the last 2 s, and the To tag is ours. */
  absorbs(ack: SipRequest): boolean {
    if (this.#clock.now() > this.#ackUntil) return false;
    const to = ack.to;
    return !isSipError(to) && to.tag === this.toTag(ack);
  }
}
