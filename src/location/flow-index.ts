import type { Binding } from './binding.ts';

/** What holds the bindings of one address-of-record. */
export interface FlowHolder {
  readonly bindings: readonly Binding[];
}

/** Which holders have a binding that came by a flow (RFC 5626 §2.1). */
export class FlowIndex<Holder extends FlowHolder> {
  readonly #holders: Map<number, Set<Holder>>;

  constructor() {
    this.#holders = new Map();
  }

  /** How many flows it knows. */
  get size(): number {
    return this.#holders.size;
  }

  /** Notes that the bindings of `holder` turned from `before` into `after`. */
  move(holder: Holder, before: readonly Binding[], after: readonly Binding[]): void {
    for (const { flowId } of before) {
      if (flowId !== undefined && !hasFlow(after, flowId)) this.#remove(flowId, holder);
    }
    for (const { flowId } of after) {
      if (flowId !== undefined && !hasFlow(before, flowId)) this.#add(flowId, holder);
    }
  }

  /** The holders with a binding of that flow. */
  holdersOf(flowId: number): Iterable<Holder> {
    return this.#holders.get(flowId) ?? [];
  }

  #add(flowId: number, holder: Holder): void {
    const holders = this.#holders.get(flowId);
    if (holders === undefined) this.#holders.set(flowId, new Set([holder]));
    else holders.add(holder);
  }

  #remove(flowId: number, holder: Holder): void {
    const holders = this.#holders.get(flowId);
    if (holders === undefined) return;
    holders.delete(holder);
    if (holders.size === 0) this.#holders.delete(flowId);
  }
}

function hasFlow(bindings: readonly Binding[], flowId: number): boolean {
  for (const binding of bindings) if (binding.flowId === flowId) return true;
  return false;
}
