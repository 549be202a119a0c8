import { setImmediate } from 'node:timers/promises';
import { type Timer, wholeSecond } from '../base/clock.ts';
import type { LocationTable } from '../location/location.ts';
import { type AorView, viewAor } from './binding-view.ts';
import { adminLimits } from './limits.ts';
import type { AdminSubject } from './subject.ts';

/** A part of a table, in the order in which its addresses-of-record were created. */
export interface Page {
  readonly table: string;
  readonly aors: readonly AorView[];
  /** What asks for the next page; null when this is the last one. */
  readonly next: string | null;
}

/**
 * Walks over tables that are under way from page to page. A walk keeps its place whatever comes and goes, which no key
 * could. The last page is kept too: who has lost it asks again. All of it is bounded: how many there are, and how long
 * one waits for whoever began it.
 */
export class Walks {
  readonly #subject: AdminSubject;
  /** By their ids, the one that was asked longest ago first. */
  readonly #walks: Map<string, Walk>;

  constructor(subject: AdminSubject) {
    this.#subject = subject;
    this.#walks = new Map();
  }

  /** The first page of a table. */
  async begin(table: LocationTable, limit: number): Promise<Page> {
    const id = this.#subject.random.token();
    const walk = new Walk(id, table, this.#subject);
    const page = await walk.page(1, limit);
    // Nobody comes back for a table that had one page.
    if (page?.next === null) return page;
    this.#keep(walk);
    return page as Page;
  }

  /** The page of a cursor; undefined when its walk is over, or never was. */
  async resume(table: LocationTable, cursor: string, limit: number): Promise<Page | undefined> {
    const [id = '', number = ''] = cursor.split('.');
    const walk = this.#walks.get(id);
    if (walk === undefined || walk.table !== table) return undefined;
    this.#keep(walk);
    try {
      return await walk.page(Number(number), limit);
    } catch (error) {
      // A walk that failed half-way would seem to be at its end.
      this.#end(walk);
      throw error;
    }
  }

  /** Ends all of them. */
  close(): void {
    for (const walk of this.#walks.values()) this.#end(walk);
  }

  /** Puts a walk at the end of the line, and makes room. */
  #keep(walk: Walk): void {
    const { clock } = this.#subject;
    this.#walks.delete(walk.id);
    if (this.#walks.size >= adminLimits.maxWalks) {
      const others = [...this.#walks.values()];
      const victim = others.find(({ isOver }) => isOver) ?? others[0];
      if (victim !== undefined) this.#end(victim);
    }
    this.#walks.set(walk.id, walk);
    walk.patience?.cancel();
    walk.patience = clock.after(adminLimits.walkIdleMs, () => this.#end(walk));
  }

  #end(walk: Walk): void {
    walk.patience?.cancel();
    this.#walks.delete(walk.id);
    void walk.end();
  }
}

class Walk {
  readonly id: string;
  readonly table: LocationTable;
  patience: Timer | undefined;
  isOver: boolean;
  readonly #subject: AdminSubject;
  readonly #steps: ReturnType<LocationTable['entries']>;
  #number: number;
  #last: Page | undefined;
  /** Whoever asks while a page is made waits: an iterator takes one step at a time. */
  #turn: Promise<unknown>;

  constructor(id: string, table: LocationTable, subject: AdminSubject) {
    this.id = id;
    this.table = table;
    this.patience = undefined;
    this.isOver = false;
    this.#subject = subject;
    this.#steps = table.entries(() => wholeSecond(subject.clock));
    this.#number = 0;
    this.#last = undefined;
    this.#turn = Promise.resolve();
  }

  /** The page of that number: the next one, or the last one again; undefined for any other. */
  page(number: number, limit: number): Promise<Page | undefined> {
    const page = this.#turn.then(() => this.#page(number, limit));
    this.#turn = page.catch(() => undefined);
    return page;
  }

  /** Gives back what the walk holds. */
  async end(): Promise<void> {
    this.isOver = true;
    this.#last = undefined;
    await this.#turn;
    await this.#steps.return?.();
  }

  async #page(number: number, limit: number): Promise<Page | undefined> {
    if (number === this.#number) return this.#last;
    if (number !== this.#number + 1 || this.isOver) return undefined;
    const aors: AorView[] = [];
    let bindings = 0;
    while (aors.length < limit && bindings < adminLimits.maxPageBindings) {
      const step = await this.#steps.next();
      if (step.done) {
        this.isOver = true;
        break;
      }
      aors.push(viewAor(step.value.aor, step.value.bindings, wholeSecond(this.#subject.clock)));
      bindings += step.value.bindings.length;
      if (aors.length % adminLimits.stepsOfTurn === 0) await setImmediate();
    }
    this.#number = number;
    this.#last = { table: this.table.name, aors, next: this.isOver ? null : `${this.id}.${number + 1}` };
    return this.#last;
  }
}
