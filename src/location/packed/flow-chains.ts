import { bindingWords, notChained } from './binding-codec.ts';
import { firstBinding, has, optionalWord, recordEnd } from './record-layout.ts';
import { type IndexReport, RefIndex } from './ref-index.ts';
import { scrambled } from './scrambled.ts';
import { type Ref, type Slabs, wordOf } from './slabs.ts';

/** The words of a binding's flow. `previous` is 0 in the first record of the chain. */
const flowWord = { id: 0, next: 1, previous: 2 } as const;

/**
 * Which records have a binding that came by a flow (RFC 5626 §2.1): a chain through the records for each flow, and an
 * index of where the chains begin. In a record the first binding of a flow holds the links.
 */
export class FlowChains {
  readonly #slabs: Slabs;
  readonly #index: RefIndex<number>;

  constructor(slabs: Slabs) {
    this.#slabs = slabs;
    // Every id has a hash of its own.
    this.#index = new RefIndex(slabs, () => true);
  }

  report(): IndexReport {
    return this.#index.report();
  }

  /** The first record of a flow; 0 when there is none. */
  first(flowId: number): Ref {
    return this.#index.find(scrambled(flowId), flowId);
  }

  /** The record of a flow after this one; 0 at the end. */
  next(ref: Ref, flowId: number): Ref {
    return this.#slabs.of(ref).words[this.#linksOf(ref, flowId | 0) + flowWord.next] as number;
  }

  /** Puts a record with new bindings into the chains of their flows. */
  link(ref: Ref): void {
    const { words } = this.#slabs.of(ref);
    const start = wordOf(ref);
    const end = recordEnd(words, start);
    for (let at = firstBinding(words, start); at < end; at += bindingWords(words, at)) {
      const links = flowAt(words, at);
      if (links !== -1) this.#linkAt(ref, words, links);
    }
  }

  /** Takes a record out of all chains. */
  unlink(ref: Ref): void {
    const { words } = this.#slabs.of(ref);
    const start = wordOf(ref);
    const end = recordEnd(words, start);
    for (let at = firstBinding(words, start); at < end; at += bindingWords(words, at)) {
      const links = flowAt(words, at);
      if (links === -1 || words[links + flowWord.previous] === notChained) continue;
      this.#unlinkAt(ref, words, links);
      words[links + flowWord.previous] = notChained;
    }
  }

  /** Notes that the record at `from` is at `to` now, links included. */
  relocate(from: Ref, to: Ref): void {
    const { words } = this.#slabs.of(to);
    const start = wordOf(to);
    const end = recordEnd(words, start);
    for (let at = firstBinding(words, start); at < end; at += bindingWords(words, at)) {
      const links = flowAt(words, at);
      if (links === -1) continue;
      const previous = words[links + flowWord.previous] as number;
      if (previous === notChained) continue;
      const id = words[links] as number;
      const next = words[links + flowWord.next] as number;
      if (previous === 0) this.#index.replace(scrambled(id), from, to);
      else this.#set(previous, id, flowWord.next, to);
      if (next !== 0) this.#set(next, id, flowWord.previous, to);
    }
  }

  #linkAt(ref: Ref, words: Int32Array, links: number): void {
    const id = words[links] as number;
    const first = this.first(id);
    // An earlier binding of this record came by the same flow.
    if (first === ref) return;
    words[links + flowWord.next] = first;
    words[links + flowWord.previous] = 0;
    if (first === 0) {
      this.#index.insert(scrambled(id), ref);
      return;
    }
    this.#set(first, id, flowWord.previous, ref);
    this.#index.replace(scrambled(id), first, ref);
  }

  #unlinkAt(ref: Ref, words: Int32Array, links: number): void {
    const id = words[links] as number;
    const next = words[links + flowWord.next] as number;
    const previous = words[links + flowWord.previous] as number;
    if (previous !== 0) this.#set(previous, id, flowWord.next, next);
    else if (next !== 0) this.#index.replace(scrambled(id), ref, next);
    else this.#index.remove(scrambled(id), ref);
    if (next !== 0) this.#set(next, id, flowWord.previous, previous);
  }

  #set(ref: Ref, id: number, word: number, value: Ref): void {
    this.#slabs.of(ref).words[this.#linksOf(ref, id) + word] = value;
  }

  /** Where the links of a flow are in a record that stands in its chain. */
  #linksOf(ref: Ref, id: number): number {
    const { words } = this.#slabs.of(ref);
    for (let at = firstBinding(words, wordOf(ref)); ; at += bindingWords(words, at)) {
      const links = flowAt(words, at);
      if (links !== -1 && words[links] === id && words[links + flowWord.previous] !== notChained) return links;
    }
  }
}

/** The word of the flow of the binding at `at`; -1 when it has none. */
function flowAt(words: Int32Array, at: number): number {
  const head = words[at] as number;
  return head & has.flow ? at + optionalWord(head, has.flow) : -1;
}
