import { assert } from '../base/assert.ts';
import type { Flow } from '../transport/flow.ts';
import { TableEntry } from './transaction-table.ts';

/** What is sent by a flow, with its place among what is sent to the same peer. */
export class PeerEntry extends TableEntry {
  readonly flow: Flow;
  /** The chain of its peer; -1 while it is in no index. */
  peerChain: number;
  beforeAtPeer: PeerEntry | undefined;
  afterAtPeer: PeerEntry | undefined;

  constructor(key: string, flow: Flow) {
    super(key);
    this.flow = flow;
    this.peerChain = -1;
    this.beforeAtPeer = undefined;
    this.afterAtPeer = undefined;
  }
}

const chainCount = 1 << 12;
const nothing: readonly never[] = [];

/**
 * Things by the peer they were sent to, so that its failure need not look at all of them. Some peers share a chain.
 * It is made of chains for the reason that `TransactionTable` is.
 */
export class PeerIndex<T extends PeerEntry> {
  readonly #chains: (PeerEntry | undefined)[] = new Array<PeerEntry | undefined>(chainCount).fill(undefined);

  add(item: T): void {
    assert(item.peerChain === -1, 'it is in no index');
    const chain = chainOf(item.flow);
    const first = this.#chains[chain];
    item.peerChain = chain;
    item.afterAtPeer = first;
    if (first !== undefined) first.beforeAtPeer = item;
    this.#chains[chain] = item;
  }

  remove(item: T): void {
    assert(item.peerChain !== -1, 'it is in the index');
    const { beforeAtPeer, afterAtPeer } = item;
    if (beforeAtPeer === undefined) this.#chains[item.peerChain] = afterAtPeer;
    else beforeAtPeer.afterAtPeer = afterAtPeer;
    if (afterAtPeer !== undefined) afterAtPeer.beforeAtPeer = beforeAtPeer;
    item.peerChain = -1;
    item.beforeAtPeer = undefined;
    item.afterAtPeer = undefined;
  }

  /** All that was sent to the peer of `flow`, the oldest first, as a copy that stays while items are removed. */
  of(flow: Flow): readonly T[] {
    let items: T[] | undefined;
    for (let item = this.#chains[chainOf(flow)]; item !== undefined; item = item.afterAtPeer) {
      if (!isSamePeer(item.flow, flow)) continue;
      items ??= [];
      // Only items of this type get in, by `add`.
      items.push(item as T);
    }
    return items?.reverse() ?? nothing;
  }
}

function isSamePeer(a: Flow, b: Flow): boolean {
  return a.transport === b.transport && a.remotePort === b.remotePort && a.remoteAddress === b.remoteAddress;
}

function chainOf({ remoteAddress, remotePort }: Flow): number {
  let hash = remotePort;
  for (let i = 0; i < remoteAddress.length; i++) hash = Math.imul(hash, 31) + remoteAddress.charCodeAt(i);
  return (hash ^ (hash >>> 12)) & (chainCount - 1);
}
