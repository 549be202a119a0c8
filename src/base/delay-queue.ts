import type { Clock, Timer } from './clock.ts';

/** A call that waits in a queue: one place each, linked without memory of its own. */
export abstract class Delayed {
  /** The instant it is due, epoch milliseconds; meaningless while `queue` is undefined. */
  dueAt: number;
  /** Where it waits; undefined while it does not. */
  queue: DelayQueue | undefined;
  earlier: Delayed | undefined;
  later: Delayed | undefined;

  constructor() {
    this.dueAt = 0;
    this.queue = undefined;
    this.earlier = undefined;
    this.later = undefined;
  }

  /** Its time has come; it waits no longer. */
  abstract due(): void;
}

/**
 * Calls that all wait the same time, and so fall due in the order in which they came. Adding one and taking it back
 * is a link in a list; the clock has one timer for all of them. What is taken back leaves nothing behind.
 */
export class DelayQueue {
  readonly #clock: Clock;
  readonly #delayMs: number;
  #first: Delayed | undefined = undefined;
  #last: Delayed | undefined = undefined;
  #timer: Timer | undefined = undefined;
  /** The instant that `#timer` waits for. */
  #timerAt = 0;
  #firing = false;

  constructor(clock: Clock, delayMs: number) {
    this.#clock = clock;
    this.#delayMs = delayMs;
  }

  /** Lets a call wait; one that waits already, here or elsewhere, starts anew. */
  add(entry: Delayed): void {
    entry.queue?.remove(entry);
    entry.dueAt = this.#clock.now() + this.#delayMs;
    entry.queue = this;
    entry.earlier = this.#last;
    if (this.#last === undefined) this.#first = entry;
    else this.#last.later = entry;
    this.#last = entry;
    if (this.#timer === undefined && !this.#firing) this.#arm(this.#delayMs, entry.dueAt);
  }

  /** Takes a call back that waits here. The timer stays: another call will be there before it, or nobody hears it. */
  remove(entry: Delayed): void {
    const { earlier, later } = entry;
    if (earlier === undefined) this.#first = later;
    else earlier.later = later;
    if (later === undefined) this.#last = earlier;
    else later.earlier = earlier;
    entry.queue = undefined;
    entry.earlier = undefined;
    entry.later = undefined;
  }

  /** Forgets all calls. */
  clear(): void {
    for (let entry = this.#first; entry !== undefined; entry = this.#first) this.remove(entry);
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  #arm(delayMs: number, at: number): void {
    this.#timerAt = at;
    this.#timer = this.#clock.after(delayMs, () => this.#fire());
  }

  #fire(): void {
    this.#timer = undefined;
    // The timer counts on while somebody sets the clock back, so what it was armed for is due.
    const now = Math.max(this.#clock.now(), this.#timerAt);
    this.#firing = true;
    try {
      for (let entry = this.#first; entry !== undefined && entry.dueAt <= now; entry = this.#first) {
        this.remove(entry);
        entry.due();
      }
    } finally {
      this.#firing = false;
      // For the same reason nothing waits longer than all of them do.
      if (this.#first !== undefined) {
        const { dueAt } = this.#first;
        this.#arm(Math.min(Math.max(dueAt - now, 0), this.#delayMs), dueAt);
      }
    }
  }
}

/** Delay queues by their delay. There are as many as there are different delays: a handful, set by the operator. */
export class DelayQueues {
  readonly #clock: Clock;
  readonly #queues = new Map<number, DelayQueue>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  /** Lets a call wait; one that waits already starts anew. */
  add(entry: Delayed, delayMs: number): void {
    let queue = this.#queues.get(delayMs);
    if (queue === undefined) {
      queue = new DelayQueue(this.#clock, delayMs);
      this.#queues.set(delayMs, queue);
    }
    queue.add(entry);
  }

  /** Forgets all calls. */
  clear(): void {
    for (const queue of this.#queues.values()) queue.clear();
  }
}
