import type { Logger } from '../base/logger.ts';
import type { LocationEvent, LocationListener } from './location.ts';

/**
 * Hands events to listeners in one order for all. An event that a listener causes waits until every listener has seen
 * the present one.
 */
export class EventStream {
  readonly #logger: Logger;
  #listeners: readonly LocationListener[];
  #waiting: LocationEvent[];
  #delivering: boolean;
  #sequence: number;
  #failures: number;

  constructor(logger: Logger) {
    this.#logger = logger;
    this.#listeners = [];
    this.#waiting = [];
    this.#delivering = false;
    this.#sequence = 0;
    this.#failures = 0;
  }

  /** Whether anybody listens; if not, events need not be made. */
  get isHeard(): boolean {
    return this.#listeners.length > 0;
  }

  /** Calls of listeners that threw. */
  get failures(): number {
    return this.#failures;
  }

  /** The number of the next event. */
  nextSequence(): number {
    this.#sequence += 1;
    return this.#sequence;
  }

  /** Adds a listener; the returned function takes it off. */
  listen(listener: LocationListener): () => void {
    // A wrapper of its own, so that the same function may listen twice and be taken off once.
    const own: LocationListener = (event) => listener(event);
    this.#listeners = [...this.#listeners, own];
    return () => {
      this.#listeners = this.#listeners.filter((other) => other !== own);
    };
  }

  /** Queues an event; `deliver` sends it. */
  push(event: LocationEvent): void {
    this.#waiting.push(event);
  }

  /** Sends what waits. */
  deliver(): void {
    if (this.#delivering || this.#waiting.length === 0) return;
    this.#delivering = true;
    try {
      // An array grows under its own iteration: events that listeners cause are met in their turn.
      for (const event of this.#waiting) {
        for (const listener of this.#listeners) this.#call(listener, event);
      }
    } finally {
      this.#waiting = [];
      this.#delivering = false;
    }
  }

  #call(listener: LocationListener, event: LocationEvent): void {
    try {
      listener(event);
    } catch (error) {
      this.#failures += 1;
      this.#logger.error('a listener of location events threw; the change itself is done', {
        error,
        sequence: event.sequence,
        type: event.type,
        table: event.table,
      });
    }
  }
}
