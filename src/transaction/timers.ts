import { assert } from '../base/assert.ts';
import { Delayed, type DelayQueues } from '../base/delay-queue.ts';

/** The round-trip estimates and limits from which every timer of RFC 3261 §17 is computed. */
export interface TimerSettings {
  /** T1, the round-trip estimate (RFC 3261 §17.1.1.1), ms. */
  readonly t1Ms: number;
  /** T2, the longest interval between retransmissions of a non-INVITE request or an INVITE response, ms. */
  readonly t2Ms: number;
  /** T4, the longest time a message stays in the network, ms. */
  readonly t4Ms: number;
  /** Timer D over unreliable transports: how long response retransmissions are acknowledged; at least 32 s, ms. */
  readonly timerDMs: number;
  /**
   * Timers B and F: how long a request may stay without a final (INVITE: any) response, ms. `undefined` is the
   * RFC's 64*T1. OpenSER's name for it is `fr_timer`.
   */
  readonly frTimerMs: number | undefined;
  /**
   * How long an INVITE may stay without a final response after its last provisional one, ms. OpenSER's name for it
   * is `fr_inv_timer`. `undefined` leaves it to the proxy's Timer C, which RFC 3261 §16.6 step 11 wants to be longer
   * than three minutes.
   */
  readonly frInvTimerMs: number | undefined;
  /** How long the transaction user may think before the INVITE server transaction says 100 itself (§17.2.1), ms. */
  readonly tryingMs: number;
}

/** RFC 3261 table 4 and §17.2.1. */
export const defaultTimerSettings: TimerSettings = {
  t1Ms: 500,
  t2Ms: 4_000,
  t4Ms: 5_000,
  timerDMs: 32_000,
  frTimerMs: undefined,
  frInvTimerMs: undefined,
  tryingMs: 200,
};

/** What owns a timer and is told by its letter when it fires. */
export interface TimerOwner<Letter extends string> {
  timerFired(letter: Letter): void;
}

/**
 * One running timer of a transaction, known by the RFC's letter. A transaction has up to two: one that repeats a
 * message (A, E, G) and one that ends a state (B, D, F, H, I, L, M); no state runs more than one of each.
 */
export class TransactionTimer<Letter extends string> extends Delayed {
  readonly #queues: DelayQueues;
  readonly #owner: TimerOwner<Letter>;
  #letter: Letter | undefined = undefined;

  constructor(queues: DelayQueues, owner: TimerOwner<Letter>) {
    super();
    this.#queues = queues;
    this.#owner = owner;
  }

  /** Starts `letter`; whatever ran in this place stops. */
  arm(letter: Letter, delayMs: number): void {
    this.#letter = letter;
    this.#queues.add(this, delayMs);
  }

  /** Stops what runs. */
  disarm(): void {
    this.queue?.remove(this);
  }

  override due(): void {
    assert(this.#letter !== undefined, 'a timer that is due was armed');
    this.#owner.timerFired(this.#letter);
  }
}
