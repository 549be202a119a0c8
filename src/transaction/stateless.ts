import type { Clock } from '../base/clock.ts';
import { hexWord } from '../base/hex-word.ts';
import { KeyedHash } from '../base/keyed-hash.ts';
import type { Random } from '../base/random.ts';
import type { SipRequest } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isUniqueBranch } from './key.ts';

/** Where the top Via of a message has its sent-by, with the host as it was written, and its branch. */
export interface TopViaBytes {
  readonly bytes: Uint8Array;
  readonly sentByStart: number;
  readonly sentByEnd: number;
  readonly branchStart: number;
  readonly branchEnd: number;
}

/** Words of eight digits that name this instance in its To tags. */
const prefixWords = 4;

/** How long after a stateless reply its ACK is expected, ms. */
export const ackWindowMs = 2_000;

/**
 * What makes replies without a transaction behave (RFC 3261 §8.2.7, OpenSER's sl): a To tag that is equal for every
 * retransmission of a request, and the ACK for a negative reply to an INVITE absorbed before it reaches the routes.
 */
export class StatelessReplies {
  readonly #clock: Clock;
  readonly #prefix: string;
  readonly #hash: KeyedHash;
  #ackUntil = 0;

  /** @param parts `random` gives the secrets: a prefix that no other instance has, and the key of the hash */
  constructor(parts: { readonly clock: Clock; readonly random: Random }) {
    this.#clock = parts.clock;
    const words = Array.from({ length: prefixWords }, () => hexWord(parts.random.integer(2 ** 32)));
    this.#prefix = `${words.join('')}.`;
    this.#hash = new KeyedHash(parts.random);
  }

  /**
   * The To tag of a stateless reply: 32 hex digits of this instance, a dot, 8 hex digits over the top Via's host,
   * port and branch. A branch without the magic cookie says nothing about its request, so that Call-ID and CSeq
   * number, which an ACK has in common with its INVITE, are then hashed as well.
   */
  toTag(request: SipRequest): string {
    const via = request.topVia;
    if (isSipError(via)) return this.#prefix + hexWord(0);
    const sentBy = this.#hash.of(via.port === undefined ? via.host : `${via.host}:${via.port}`);
    if (isUniqueBranch(via.branch)) return this.#tag(this.#hash.of(via.branch ?? '', sentBy));
    const { callId, cseq } = request;
    const number = isSipError(cseq) ? '' : cseq.number;
    return this.#tag(this.#hash.of(`${via.branch ?? ''};${isSipError(callId) ? '' : callId};${number}`, sentBy));
  }

  /** The same for a request with a unique branch, of which only the bytes are known. */
  toTagOf({ bytes, sentByStart, sentByEnd, branchStart, branchEnd }: TopViaBytes): string {
    const sentBy = this.#hash.ofBytes(bytes, sentByStart, sentByEnd);
    return this.#tag(this.#hash.ofBytes(bytes, branchStart, branchEnd, sentBy));
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

  #tag(hash: number): string {
    return this.#prefix + hexWord(hash);
  }
}
