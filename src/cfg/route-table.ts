import type { RouteBlock } from '../script/ast.ts';
import type { Span } from '../script/source.ts';
import type { BlockKind } from './run.ts';
import type { Step } from './run-state.ts';

/** A route for one kind of block; its step is there once all of them are compiled. */
export interface RouteHandle {
  readonly block: RouteBlock;
  readonly kind: BlockKind;
  /** Where the first call stands that made it necessary. */
  readonly calledFrom: Span;
  step: Step;
}

/** The blocks of a configuration by what they are run for and by their names; the main one has the name ''. */
export class RouteTable {
  readonly #routes: Map<string, RouteBlock>;
  readonly #entries: ReadonlyMap<Exclude<BlockKind, 'request'>, ReadonlyMap<string, RouteBlock>>;
  readonly #handles: Map<string, RouteHandle>;
  readonly #called: Set<string>;
  readonly #any: Map<BlockKind, ReadonlyMap<string, RouteHandle>>;
  readonly #waiting: RouteHandle[];

  /** Of two blocks with one name, the first counts. */
  constructor(blocks: readonly RouteBlock[]) {
    this.#routes = byName(blocks, 'request');
    this.#entries = new Map([
      ['failure', byName(blocks, 'failure')],
      ['branch', byName(blocks, 'branch')],
      ['reply', byName(blocks, 'onreply')],
    ]);
    this.#handles = new Map();
    this.#called = new Set();
    this.#any = new Map();
    this.#waiting = [];
  }

  /** The routes that `route(...)` can call. */
  get routes(): ReadonlyMap<string, RouteBlock> {
    return this.#routes;
  }

  /** The blocks of a kind that tm runs. */
  entries(kind: Exclude<BlockKind, 'request'>): ReadonlyMap<string, RouteBlock> {
    return this.#entries.get(kind) ?? new Map();
  }

  /** A route for calls out of a kind of block; undefined when there is none of that name. */
  call(name: string, kind: BlockKind, calledFrom: Span): RouteHandle | undefined {
    const key = `${kind} ${name}`;
    const known = this.#handles.get(key);
    if (known !== undefined) return known;
    const block = this.#routes.get(name);
    if (block === undefined) return undefined;
    const handle: RouteHandle = { block, kind, calledFrom, step: () => 1 };
    this.#handles.set(key, handle);
    this.#called.add(name);
    this.#waiting.push(handle);
    return handle;
  }

  /** Every route, for calls out of a kind of block that name none; the same map for all of them. */
  callAny(kind: BlockKind, calledFrom: Span): ReadonlyMap<string, RouteHandle> {
    const known = this.#any.get(kind);
    if (known !== undefined) return known;
    const handles = new Map<string, RouteHandle>();
    this.#any.set(kind, handles);
    for (const name of this.#routes.keys()) {
      const handle = this.call(name, kind, calledFrom);
      if (handle !== undefined) handles.set(name, handle);
    }
    return handles;
  }

  /** A route that was called and is not compiled yet. */
  next(): RouteHandle | undefined {
    return this.#waiting.pop();
  }

  /** Whether any call names that route. */
  isCalled(name: string): boolean {
    return this.#called.has(name);
  }
}

function byName(blocks: readonly RouteBlock[], type: RouteBlock['type']): Map<string, RouteBlock> {
  const named = new Map<string, RouteBlock>();
  for (const block of blocks) {
    const name = block.name ?? '';
    if (block.type === type && !named.has(name)) named.set(name, block);
  }
  return named;
}
