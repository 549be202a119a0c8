import type { MaybePromise } from '../base/maybe-promise.ts';
import type { Aor } from './aor.ts';
import type { Binding } from './binding.ts';

/** What a `decide` function wants: the whole new list, in order, or no change; and what its caller gets. */
export interface Decision<T> {
  readonly bindings: readonly Binding[] | 'unchanged';
  readonly result: T;
}

/**
 * Decides about one address-of-record. Pure: a store may run it again after a conflict. Bindings that the new list
 * shares with the old one are the same object or carry the same `ruid`.
 */
export type Decide<T> = (bindings: readonly Binding[]) => Decision<T>;

/** An address-of-record with its bindings, as an iteration shows it. */
export interface LocationEntry {
  readonly table: string;
  readonly aor: Aor;
  /** Valid ones, in list order. */
  readonly bindings: readonly Binding[];
}

/** One binding and where it is stored. */
export interface PlacedBinding {
  readonly table: string;
  readonly aor: Aor;
  readonly binding: Binding;
}

export interface TableStatistics {
  /** Addresses-of-record stored, those whose bindings wait to be collected included. */
  readonly users: number;
  readonly contacts: number;
  /** Bindings that expired since the start or the last reset. */
  readonly expires: number;
}

export interface LocationStatistics {
  /** The users of all tables. */
  readonly registeredUsers: number;
  readonly tables: ReadonlyMap<string, TableStatistics>;
  /** Calls of event listeners that threw. */
  readonly listenerFailures: number;
}

/**
 * A named set of addresses-of-record: what OpenSER's manual calls a domain, and the name of a database table. What can
 * be said from memory is said at once; what a database has to be asked is a promise, which rejects with a `StoreError`.
 */
export interface LocationTable {
  readonly name: string;

  /** Whether `update` calls `decide` before it returns: false when the bindings have to be fetched first. */
  readonly decidesAtOnce: boolean;

  /**
   * The only write. Shows `decide` the valid bindings of `aor` (the expired ones are collected in the same step) and
   * stores the list that it returns, whole or not at all: when `decide` throws, nothing has changed.
   *
   * @param now epoch milliseconds of the current whole second
   * @returns the decision's result, once it is as durable as the location promises
   * @throws StoreError, or rejects with it, when it could not be stored; then nothing has changed
   */
  update<T>(aor: Aor, now: number, decide: Decide<T>): MaybePromise<T>;

  /**
   * The valid bindings of `aor` in list order; an empty list when there are none. The list is a snapshot: later updates
   * do not change it.
   */
  get(aor: Aor, now: number): MaybePromise<readonly Binding[]>;

  /**
   * Walks over every address-of-record that has valid bindings, in the order of their creation. Tolerates any change on
   * the way: what is added after the start is not visited, what is removed before its turn neither, and each is seen
   * with the bindings it has at its turn. The walk may be paused for as long as one likes.
   */
  entries(now: () => number): IterableIterator<LocationEntry> | AsyncIterableIterator<LocationEntry>;

  statistics(): MaybePromise<TableStatistics>;
  /** Sets the count of expired bindings to zero. */
  resetExpires(): void;
}

/** A table all of whose bindings are in memory. */
export interface TableInMemory extends LocationTable {
  update<T>(aor: Aor, now: number, decide: Decide<T>): T;
  get(aor: Aor, now: number): readonly Binding[];
  entries(now: () => number): IterableIterator<LocationEntry>;
  statistics(): TableStatistics;

  /**
   * Puts a binding that a store has kept where it belongs, without an event: it has been there all the time. One with
   * the same ruid is overwritten.
   *
   * @param place where in the list of its address-of-record
   */
  restore(aor: Aor, binding: Binding, place: Place): void;
}

/** Puts a binding into a list, which is changed in place. */
export type Place = (list: Binding[], binding: Binding) => void;

export type LocationEventType = 'insert' | 'update' | 'remove' | 'expire';

/** One change of one binding. */
export interface LocationEvent {
  /** Consecutive over all tables. */
  readonly sequence: number;
  readonly type: LocationEventType;
  readonly table: string;
  readonly aor: Aor;
  /** Undefined for `insert`. */
  readonly before: Binding | undefined;
  /** Undefined for `remove` and `expire`. */
  readonly after: Binding | undefined;
  /** The instant of the change: the `now` of the call that made it. */
  readonly at: number;
}

export type LocationListener = (event: LocationEvent) => void;

/** The location service of RFC 3261 §10: every table, one stream of events, one wheel of expiries. */
export interface Location {
  /** The table of that name, created on first use. */
  table(name: string): LocationTable;
  /** The table of that name when it exists. */
  findTable(name: string): LocationTable | undefined;
  /** All tables in the order of their creation. */
  tables(): readonly LocationTable[];

  /**
   * Removes what has expired. Nothing depends on when it is called but memory and the `expire` events: a binding is
   * invisible from the second of its expiry on.
   *
   * @param limit how many addresses-of-record to look at in this call, so that a second in which very many expire does
   * not stop everything else; an implementation may look at more. `isCollecting` says whether some are left
   * @returns how many bindings were removed
   */
  collect(now: number, limit?: number): MaybePromise<number>;

  /** Whether the last `collect` stopped at its limit: it wants to be called again soon. */
  readonly isCollecting: boolean;

  /**
   * Calls `listener` after every change, in one order for all listeners, changes made by listeners included. A listener
   * that throws harms nobody.
   *
   * @returns takes the listener off again
   */
  onEvent(listener: LocationListener): () => void;

  stats(): MaybePromise<LocationStatistics>;

  /** The bindings that came by a flow, over all tables: those that die with it. In no particular order. */
  bindingsOfFlow(flowId: number): MaybePromise<readonly PlacedBinding[]>;
}

/** A location all of whose bindings are in memory. */
export interface LocationInMemory extends Location {
  table(name: string): TableInMemory;
  findTable(name: string): TableInMemory | undefined;
  tables(): readonly TableInMemory[];
  collect(now: number, limit?: number): number;
  stats(): LocationStatistics;
  bindingsOfFlow(flowId: number): readonly PlacedBinding[];
}
