import { assert } from '../base/assert.ts';
import type { Flow } from '../transport/flow.ts';

/** What is sent by a flow. */
interface Sent {
  readonly flow: Flow;
}

const nothing: readonly never[] = [];

/** Things by the peer they were sent to, so that its failure need not look at all of them. */
export class PeerIndex<T extends Sent> {
  readonly #byPeer = new Map<string, Set<T>>();

  /** How many peers have something. */
  get peerCount(): number {
    return this.#byPeer.size;
  }

  add(item: T): void {
    const peer = peerKey(item.flow);
    const items = this.#byPeer.get(peer);
    if (items === undefined) this.#byPeer.set(peer, new Set([item]));
    else items.add(item);
  }

  remove(item: T): void {
    const peer = peerKey(item.flow);
    const items = this.#byPeer.get(peer);
    assert(items !== undefined, 'the peer has something');
    items.delete(item);
    if (items.size === 0) this.#byPeer.delete(peer);
  }

  /** All that was sent to the peer of `flow`, as a copy that stays while items are removed. */
  of(flow: Flow): readonly T[] {
    const items = this.#byPeer.get(peerKey(flow));
    return items === undefined ? nothing : [...items];
  }

  clear(): void {
    this.#byPeer.clear();
  }
}

function peerKey(flow: Flow): string {
  return `${flow.transport} ${flow.remotePort} ${flow.remoteAddress}`;
}
