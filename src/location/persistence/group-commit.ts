import type { Clock, Timer } from '../../base/clock.ts';
import type { Logger } from '../../base/logger.ts';
import type { Random } from '../../base/random.ts';
import type { Aor } from '../aor.ts';
import type { Binding } from '../binding.ts';
import { StoreError } from '../store-error.ts';
import { ChangeSet } from './change-set.ts';
import type { BindingChange, LocationDatabase } from './database.ts';
import { persistenceLimits } from './limits.ts';
import type { StoreHealth } from './persistent-location.ts';
import { retryAfter } from './retry-after.ts';
import { StoreWatch } from './store-watch.ts';

/** What was decided about an address-of-record and waits for its commit. */
export interface StagedList {
  readonly table: string;
  readonly aor: Aor;
  readonly bindings: readonly Binding[];
  /** The instant of the request. */
  readonly now: number;
  readonly group: CommitGroup;
}

/** Changes that are committed together. */
export class CommitGroup {
  readonly changes: ChangeSet;
  /** In the order of the decisions. */
  readonly staged: StagedList[];
  /** Resolves when all of it is durable and in memory; rejects when none of it is. */
  readonly done: Promise<void>;
  #settle: { readonly resolve: () => void; readonly reject: (error: unknown) => void } | undefined;

  constructor() {
    this.changes = new ChangeSet();
    this.staged = [];
    this.done = new Promise((resolve, reject) => {
      this.#settle = { resolve, reject };
    });
    // A group of nothing but expired rows has nobody who would hear of its failure.
    this.done.catch(() => undefined);
  }

  resolve(): void {
    this.#settle?.resolve();
  }

  reject(error: unknown): void {
    this.#settle?.reject(error);
  }
}

/** What a `GroupCommit` tells the tables. */
export interface StagingArea {
  /** A list is durable. */
  apply(staged: StagedList): void;
  /** Nothing that is staged will be committed. */
  forget(): void;
  /** What the database says after a commit whose fate was unknown. */
  restore(table: string, aor: Aor, rows: readonly Binding[]): void;
}

/** What a `GroupCommit` is made of. */
export interface GroupCommitParts {
  readonly database: LocationDatabase;
  readonly clock: Clock;
  readonly random: Random;
  readonly logger: Logger;
}

/**
 * Commits changes in groups, one after the other: while a group is written, what comes forms the next, so that groups
 * grow with the load and nobody waits longer than two commits. More than a limit is refused.
 *
 * A commit that fails fails everything that waits, for what waits was decided on top of it. Then nothing is taken until
 * the database answers again and has said what became of the failed commit.
 */
export class GroupCommit {
  readonly #parts: GroupCommitParts;
  readonly #area: StagingArea;
  readonly #watch: StoreWatch;
  #open: CommitGroup | undefined;
  #underWay: CommitGroup | undefined;
  #isPlanned: boolean;
  /** Rows of expired bindings, which the next commit removes; nobody decided that, so it is done whatever fails. */
  readonly #expired: ChangeSet;
  /** What the last failed commit was about, by table; undefined while all is well. */
  #doubtful: Map<string, Set<Aor>> | undefined;
  #retry: Timer | undefined;
  #isClosed: boolean;

  constructor(parts: GroupCommitParts, area: StagingArea) {
    this.#parts = parts;
    this.#area = area;
    this.#watch = new StoreWatch(parts.clock, parts.logger, parts.database.place);
    this.#open = undefined;
    this.#underWay = undefined;
    this.#isPlanned = false;
    this.#expired = new ChangeSet();
    this.#doubtful = undefined;
    this.#retry = undefined;
    this.#isClosed = false;
  }

  get health(): StoreHealth {
    const { problem, since } = this.#watch;
    const waiting = (this.#open?.changes.size ?? 0) + (this.#underWay?.staged.length ?? 0) + this.#expired.size;
    return { state: problem === undefined ? 'ok' : 'failing', since, problem, waiting };
  }

  /**
   * The group that takes changes now; it is committed when this turn of the event loop is over and the one before it
   * has been.
   *
   * @throws StoreError `STORE_UNAVAILABLE`, `STORE_BUSY`
   */
  openGroup(): CommitGroup {
    if (this.#isClosed) throw new StoreError('STORE_UNAVAILABLE', 'the database is closed');
    if (this.#doubtful !== undefined) throw this.#refusal();
    if (this.#open !== undefined && this.#open.changes.size >= persistenceLimits.maxWaitingRows) {
      const waiting = `${this.#open.changes.size} changes wait for ${this.#parts.database.place} already`;
      throw new StoreError('STORE_BUSY', waiting, { retryAfter: retryAfter('busy', this.#parts.random) });
    }
    return this.#group();
  }

  /**
   * Sees to it that it is known what an address-of-record has: of one that the failed commit was about, that is so once
   * the database has said it. Whoever was told something before might be told a lie.
   *
   * @throws StoreError `STORE_UNAVAILABLE`
   */
  assertKnown(table: string, aor: Aor): void {
    if (this.#doubtful?.get(table)?.has(aor)) throw this.#refusal();
  }

  /** Removes the row of an expired binding that nothing waiting refreshes; nobody waits for it. */
  drop(table: string, aor: Aor, binding: Binding): void {
    if (this.#isClosed) return;
    this.#expired.add(table, aor, binding, undefined);
    if (this.#doubtful === undefined) this.#group();
  }

  /** Resolves when everything up to now is committed; rejects when that fails. */
  async flush(): Promise<void> {
    if (this.#doubtful !== undefined) throw this.#refusal();
    for (const group of [this.#underWay, this.#open]) await group?.done;
  }

  /** Ends after what is under way; what fails then is lost only as far as nobody was told otherwise. */
  async close(): Promise<void> {
    this.#retry?.cancel();
    await this.flush().catch(() => undefined);
    this.#isClosed = true;
  }

  #group(): CommitGroup {
    this.#open ??= new CommitGroup();
    if (!this.#isPlanned && this.#underWay === undefined) {
      this.#isPlanned = true;
      // All datagrams of one batch are in one group: they are handled before microtasks run.
      queueMicrotask(() => {
        this.#isPlanned = false;
        this.#commit();
      });
    }
    return this.#open;
  }

  #commit(): void {
    const group = this.#open;
    if (group === undefined || this.#underWay !== undefined) return;
    this.#open = undefined;
    this.#underWay = group;
    const expired = this.#expired.take();
    if (expired.length > 0) group.changes.restore(expired);
    const changes = group.changes.take();
    const written = changes.length === 0 ? Promise.resolve() : this.#parts.database.commit(changes);
    written.then(
      () => this.#committed(group),
      (error: unknown) => this.#failed(group, expired, error),
    );
  }

  #committed(group: CommitGroup): void {
    this.#underWay = undefined;
    for (const staged of group.staged) this.#area.apply(staged);
    group.resolve();
    this.#commit();
  }

  #failed(group: CommitGroup, expired: readonly BindingChange[], error: unknown): void {
    const next = this.#open;
    this.#open = undefined;
    this.#underWay = undefined;
    this.#area.forget();
    this.#doubtful = new Map();
    for (const { table, aor } of group.staged) {
      const aors = this.#doubtful.get(table) ?? new Set();
      this.#doubtful.set(table, aors.add(aor));
    }
    this.#expired.restore(expired);
    this.#watch.failed(error, 'REGISTERs that change something are answered 503');
    group.reject(this.#refusal(error));
    next?.reject(this.#refusal(error));
    this.#retryLater();
  }

  #retryLater(): void {
    if (this.#isClosed) return;
    this.#retry = this.#parts.clock.after(persistenceLimits.retryMs, () => {
      this.#recover().catch((error: unknown) => {
        this.#watch.failed(error, 'REGISTERs that change something are answered 503');
        this.#retryLater();
      });
    });
  }

  /** Asks what became of the failed commit; once that is known, changes are taken again. */
  async #recover(): Promise<void> {
    const { database } = this.#parts;
    await database.ping();
    for (const [table, aors] of this.#doubtful ?? []) {
      const all = [...aors];
      for (let start = 0; start < all.length; start += persistenceLimits.maxAorsOfRead) {
        const some = all.slice(start, start + persistenceLimits.maxAorsOfRead);
        for (const { aor, bindings } of await database.readAors(table, some)) this.#area.restore(table, aor, bindings);
      }
    }
    this.#doubtful = undefined;
    this.#watch.recovered();
    if (this.#expired.size > 0) this.#group();
  }

  #refusal(cause?: unknown): StoreError {
    const why = this.#watch.problem ?? 'the database does not answer';
    return new StoreError('STORE_UNAVAILABLE', why, { cause, retryAfter: retryAfter('failing', this.#parts.random) });
  }
}
