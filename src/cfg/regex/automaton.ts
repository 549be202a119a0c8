import { type CharSet, has } from './char-set.ts';
import { regexLimits } from './limits.ts';
import type { Edge, RegexNode } from './parse-ere.ts';

/** One step of a program. Of two ways the first is preferred. */
type Step =
  | { readonly op: 'set'; readonly set: CharSet; readonly ascii: Uint8Array }
  | { readonly op: 'split'; readonly first: number; readonly second: number }
  | { readonly op: 'jump'; readonly to: number }
  | { readonly op: 'save'; readonly slot: number }
  | { readonly op: 'edge'; readonly edge: Edge }
  | { readonly op: 'match' };

/** Where an automaton found a match: two offsets for each group, -1 where it took no part. */
export type Captures = readonly number[];

/**
 * A regular expression that walks once over the text, with all its ways at once: its work is the text's length times
 * the program's, whatever the two are. It finds the match that a backtracking engine would.
 */
export class Automaton {
  readonly #steps: readonly Step[];
  readonly #slots: number;
  /** What is still to be followed, with what was matched on the way there; empty between two calls. */
  readonly #places: Uint32Array;
  readonly #kept: Captures[];

  private constructor(steps: readonly Step[], groups: number) {
    this.#steps = steps;
    this.#slots = (groups + 1) * 2;
    this.#places = new Uint32Array(steps.length);
    this.#kept = [];
  }

  /** @returns undefined when the program would be too long, or the expression refers back to what a group matched */
  static of(node: RegexNode, groups: number): Automaton | undefined {
    const compiler = new Compiler();
    compiler.emit({ op: 'save', slot: 0 });
    compiler.add(node);
    compiler.emit({ op: 'save', slot: 1 });
    compiler.emit({ op: 'match' });
    return compiler.failed ? undefined : new Automaton(compiler.steps, groups);
  }

  /** Whether there is a match at all; the first one that is complete ends the search. */
  test(text: string): boolean {
    return this.#walk(text, 0, false) !== undefined;
  }

  /** Looks for a match that begins at `from` or later. */
  find(text: string, from: number): Captures | undefined {
    return this.#walk(text, from, true);
  }

  #walk(text: string, from: number, captures: boolean): Captures | undefined {
    const size = this.#steps.length;
    const none = captures ? new Array<number>(this.#slots).fill(-1) : noCaptures;
    let now = new ThreadList(size);
    let next = new ThreadList(size);
    let found: Captures | undefined;
    for (let at = from; at <= text.length; at++) {
      // A later start is tried only while there is no match: the leftmost one counts.
      if (found === undefined) this.#follow(now, 0, text, at, none);
      else if (now.count === 0 || !captures) break;
      const code = text.charCodeAt(at); // NaN behind the end, which no set has
      for (let i = 0; i < now.count; i++) {
        const place = now.placeAt(i);
        const step = this.#steps[place] as Step; // every place of a program
        if (step.op === 'match') {
          found = now.capturesAt(i);
          break; // what is behind it is less preferred
        }
        if (step.op === 'set' && matches(step, code)) this.#follow(next, place + 1, text, at + 1, now.capturesAt(i));
      }
      const spent = now;
      now = next;
      next = spent;
      next.clear();
    }
    return found;
  }

  /** Adds every step that reads a character, or ends, and can be reached from `start` without reading one. */
  #follow(list: ThreadList, start: number, text: string, at: number, captures: Captures): void {
    const places = this.#places;
    const kept = this.#kept;
    let pending = 0;
    let place = start;
    let mine = captures;
    for (;;) {
      if (list.visit(place)) {
        const step = this.#steps[place] as Step; // every place of a program
        switch (step.op) {
          case 'jump':
            place = step.to;
            continue;
          case 'split':
            places[pending] = step.second;
            kept[pending] = mine;
            pending++;
            place = step.first;
            continue;
          case 'save':
            if (mine.length > 0) mine = mine.with(step.slot, at);
            place++;
            continue;
          case 'edge':
            if (stands(step.edge, text, at)) {
              place++;
              continue;
            }
            break;
          default:
            list.push(place, mine);
        }
      }
      if (pending === 0) return;
      pending--;
      place = places[pending] as number; // it was put there
      mine = kept[pending] as Captures;
    }
  }
}

const noCaptures: Captures = [];

class Compiler {
  readonly steps: Step[] = [];
  failed = false;

  emit(step: Step): number {
    if (this.steps.length >= regexLimits.maxProgram) this.failed = true;
    else this.steps.push(step);
    return this.steps.length - 1;
  }

  add(node: RegexNode): void {
    if (this.failed) return;
    switch (node.kind) {
      case 'empty':
        return;
      case 'set':
        this.emit({ op: 'set', set: node.set, ascii: asciiTable(node.set) });
        return;
      case 'edge':
        this.emit({ op: 'edge', edge: node.edge });
        return;
      case 'sequence':
        for (const item of node.items) this.add(item);
        return;
      case 'group':
        this.emit({ op: 'save', slot: node.number * 2 });
        this.add(node.item);
        this.emit({ op: 'save', slot: node.number * 2 + 1 });
        return;
      case 'choice':
        this.#choice(node.options);
        return;
      case 'repeat':
        this.#repeat(node.item, node.least, node.most);
        return;
      case 'back':
        this.failed = true;
    }
  }

  #choice(options: readonly RegexNode[]): void {
    const ends: number[] = [];
    options.forEach((option, i) => {
      if (i === options.length - 1) {
        this.add(option);
        return;
      }
      const split = this.emit({ op: 'jump', to: 0 });
      this.add(option);
      ends.push(this.emit({ op: 'jump', to: 0 }));
      this.#put(split, { op: 'split', first: split + 1, second: this.steps.length });
    });
    for (const end of ends) this.#put(end, { op: 'jump', to: this.steps.length });
  }

  #repeat(item: RegexNode, least: number, most: number): void {
    for (let i = 0; i < least; i++) this.add(item);
    if (most === Number.POSITIVE_INFINITY) {
      const split = this.emit({ op: 'jump', to: 0 });
      this.add(item);
      this.emit({ op: 'jump', to: split });
      this.#put(split, { op: 'split', first: split + 1, second: this.steps.length });
      return;
    }
    const splits: number[] = [];
    for (let i = least; i < most && !this.failed; i++) {
      splits.push(this.emit({ op: 'jump', to: 0 }));
      this.add(item);
    }
    for (const split of splits) this.#put(split, { op: 'split', first: split + 1, second: this.steps.length });
  }

  #put(place: number, step: Step): void {
    if (!this.failed) this.steps[place] = step;
  }
}

/** The ways that are open at one place of the text, the preferred ones first, each step once. */
class ThreadList {
  readonly #places: Uint32Array;
  readonly #captures: Captures[];
  /** A step was visited when its number here is the round's. */
  readonly #visited: Uint32Array;
  #round: number;
  count: number;

  constructor(size: number) {
    this.#places = new Uint32Array(size);
    this.#captures = [];
    this.#visited = new Uint32Array(size);
    this.#round = 1;
    this.count = 0;
  }

  /** @returns false when the step was visited before */
  visit(place: number): boolean {
    if (this.#visited[place] === this.#round) return false;
    this.#visited[place] = this.#round;
    return true;
  }

  push(place: number, captures: Captures): void {
    this.#places[this.count] = place;
    this.#captures[this.count] = captures;
    this.count++;
  }

  placeAt(index: number): number {
    return this.#places[index] as number; // index is below count
  }

  capturesAt(index: number): Captures {
    return this.#captures[index] as Captures; // index is below count
  }

  clear(): void {
    this.count = 0;
    this.#round++;
  }
}

function matches(step: Extract<Step, { op: 'set' }>, code: number): boolean {
  return code < 128 ? step.ascii[code] === 1 : has(step.set, code);
}

function asciiTable(set: CharSet): Uint8Array {
  const table = new Uint8Array(128);
  for (let code = 0; code < 128; code++) if (has(set, code)) table[code] = 1;
  return table;
}

function stands(edge: Edge, text: string, at: number): boolean {
  switch (edge) {
    case 'text-start':
      return at === 0;
    case 'text-end':
      return at === text.length;
    case 'line-start':
      return at === 0 || text.charCodeAt(at - 1) === 0x0a;
    case 'line-end':
      return at === text.length || text.charCodeAt(at) === 0x0a;
    case 'word':
      return isWord(text, at - 1) !== isWord(text, at);
    case 'no-word':
      return isWord(text, at - 1) === isWord(text, at);
    case 'word-start':
      return !isWord(text, at - 1) && isWord(text, at);
    case 'word-end':
      return isWord(text, at - 1) && !isWord(text, at);
  }
}

function isWord(text: string, at: number): boolean {
  const c = text.charCodeAt(at); // NaN outside of the text
  return (c >= 0x30 && c <= 0x39) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || (c >= 0x61 && c <= 0x7a);
}
