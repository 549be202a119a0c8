import { assert } from '../../base/assert.ts';
import { type Binding, isPermanent } from '../binding.ts';
import { isLatin1, latin1Json } from './escaped-text.ts';
import {
  bindingHeadWords,
  bindingWord,
  has,
  headBits,
  headerWords,
  optionalWord,
  presenceMask,
  wordsOf,
} from './record-layout.ts';
import type { Slab } from './slabs.ts';
import type { TextId, TextPool } from './text-pool.ts';

const maxWord = 2 ** 32 - 1;
const allLengths = has.path | has.received | has.instance | has.extension;
const allNumbers = has.flags | has.branchFlags | has.methods | has.regId;
/** What an odd binding keeps beside its text. */
const besideOddText = has.flow | has.flags;

/** The words of the binding that begins at word `at`, its texts included. */
export function bindingWords(words: Int32Array, at: number): number {
  const head = words[at] as number;
  return headerWords(head) + wordsOf(textBytes(words, at, head));
}

/** Whether the binding at `at` counts at `now`, as `isValid` says of the value. */
export function isValidAt(words: Int32Array, at: number, now: number): boolean {
  return expiresAt(words, at) > now || isPermanentAt(words, at);
}

/** The expiry of the binding at `at`, epoch milliseconds; infinite when it is permanent. */
export function dueAt(words: Int32Array, at: number): number {
  return isPermanentAt(words, at) ? Number.POSITIVE_INFINITY : expiresAt(words, at);
}

/** Reads the binding at `at`: a value that has nothing in common with the record. */
export function readBinding(slab: Slab, at: number, pool: TextPool): Binding {
  const { words, bytes } = slab;
  const head = words[at] as number;
  const textAt = (at + headerWords(head)) * 4;
  // All texts at once: one call of the runtime costs more than the slices.
  const text = bytes.latin1Slice(textAt, textAt + textBytes(words, at, head));
  if (head & has.oddText) return readOdd(text);
  const lengths = words[at + bindingWord.lengths] as number;
  const contactStart = head >>> headBits.ruidShift;
  const callIdStart = contactStart + (lengths & headBits.maxText);
  let end = callIdStart + (lengths >>> 16);
  const ruid = text.slice(0, contactStart);
  const contact = text.slice(contactStart, callIdStart);
  const callId = text.slice(callIdStart, end);
  let next = at + bindingHeadWords;
  let userAgent = '';
  let socket: string | undefined;
  let path: string | undefined;
  let received: string | undefined;
  let instance: string | undefined;
  let extension = '';
  let flowId: number | undefined;
  let flags = 0;
  let branchFlags = 0;
  let methods: number | undefined;
  let regId = 0;
  if (head & has.userAgent) userAgent = pool.text(words[next++] as number);
  if (head & has.socket) socket = pool.text(words[next++] as number);
  if (head & allLengths) {
    let start = end;
    if (head & has.path) {
      end += words[next++] as number;
      path = text.slice(start, end);
      start = end;
    }
    if (head & has.received) {
      end += words[next++] as number;
      received = text.slice(start, end);
      start = end;
    }
    if (head & has.instance) {
      end += words[next++] as number;
      instance = text.slice(start, end);
      start = end;
    }
    if (head & has.extension) extension = text.slice(start, start + (words[next++] as number));
  }
  if (head & has.flow) {
    flowId = words[next] as number;
    next += 3;
  }
  if (head & allNumbers) {
    if (head & has.flags) flags = words[next++] as number;
    if (head & has.branchFlags) branchFlags = words[next++] as number;
    if (head & has.methods) methods = words[next++] as number;
    if (head & has.regId) regId = words[next++] as number;
  }
  // In the order of `newBinding`: V8 then sees one shape of bindings, wherever they come from.
  return {
    ruid,
    contact,
    expiresAt: ((words[at + bindingWord.expires] as number) >>> 0) * 1000,
    q: ((head >>> headBits.qShift) & headBits.qMask) - 1,
    callId,
    cseq: (words[at + bindingWord.cseq] as number) >>> 0,
    received,
    path,
    socket,
    flowId,
    userAgent,
    flags,
    branchFlags,
    methods,
    instance,
    regId,
    extension,
    lastModifiedAt: ((words[at + bindingWord.modified] as number) >>> 0) * 1000,
  };
}

/**
 * The head of `after` when nothing but numbers differs between it and the binding that is stored at `at`, as in most
 * refreshes: `patchBinding` may write it then. -1 when more differs.
 */
export function patchHead(words: Int32Array, at: number, before: Binding, after: Binding): number {
  const stored = words[at] as number;
  const head = headOf(after);
  if ((stored & has.oddText) !== 0 || ((head ^ stored) & presenceMask) !== 0) return -1;
  return haveSameTexts(before, after) ? head >>> 0 : -1;
}

/**
 * Overwrites the numbers of the binding at `at`.
 *
 * @param head what `patchHead` said of it
 */
export function patchBinding(words: Int32Array, at: number, after: Binding, head: number): void {
  words[at] = head;
  writeTimes(words, at, after);
  if (head & allNumbers) writeNumbers(words, at + optionalWord(head, has.flags), head, after);
}

/** Hands every interned text of the binding at `at` to `found`. */
export function pushTextIds(words: Int32Array, at: number, found: TextId[]): void {
  const head = words[at] as number;
  if (head & has.userAgent) found.push(words[at + optionalWord(head, has.userAgent)] as number);
  if (head & has.socket) found.push(words[at + optionalWord(head, has.socket)] as number);
}

/** Writes lists of bindings in two steps: how long they get is known before anything is changed. */
export class BindingWriter {
  readonly #pool: TextPool;
  readonly #heads: number[];
  readonly #texts: string[];

  constructor(pool: TextPool) {
    this.#pool = pool;
    this.#heads = [];
    this.#texts = [];
  }

  /** The words that the list takes. Fails when a binding cannot be stored at all, which only a programmer can cause. */
  measure(bindings: readonly Binding[]): number {
    let words = 0;
    for (let i = 0; i < bindings.length; i++) {
      const binding = bindings[i] as Binding;
      let head = headOf(binding);
      let text = head & has.oddText ? '' : textOf(binding);
      if (head & has.oddText || !isStorable(binding, text)) {
        head = (head & besideOddText) | has.oddText;
        text = oddText(binding);
      }
      this.#heads[i] = head;
      this.#texts[i] = text;
      words += headerWords(head) + wordsOf(text.length);
    }
    return words;
  }

  /** Writes the list that was measured last. */
  write(slab: Slab, start: number, bindings: readonly Binding[]): void {
    const { words, bytes } = slab;
    let at = start;
    for (let i = 0; i < bindings.length; i++) {
      const binding = bindings[i] as Binding;
      const head = this.#heads[i] as number;
      const text = this.#texts[i] as string;
      words[at] = head;
      words[at + bindingWord.lengths] =
        head & has.oddText ? text.length : binding.contact.length | (binding.callId.length << 16);
      writeTimes(words, at, binding);
      this.#writeOptional(words, at + bindingHeadWords, head, binding);
      const textAt = at + headerWords(head);
      bytes.latin1Write(text, textAt * 4);
      at = textAt + wordsOf(text.length);
    }
    this.#texts.length = 0;
  }

  #writeOptional(words: Int32Array, start: number, head: number, binding: Binding): void {
    let at = start;
    if (head & has.userAgent) words[at++] = this.#pool.acquire(binding.userAgent);
    if (head & has.socket) words[at++] = this.#pool.acquire(binding.socket ?? '');
    if (head & has.path) words[at++] = binding.path?.length ?? 0;
    if (head & has.received) words[at++] = binding.received?.length ?? 0;
    if (head & has.instance) words[at++] = binding.instance?.length ?? 0;
    if (head & has.extension) words[at++] = binding.extension.length;
    if (head & has.flow) {
      words[at++] = binding.flowId ?? 0;
      words[at++] = 0;
      words[at++] = notChained;
    }
    writeNumbers(words, at, head, binding);
  }
}

/** In the word of the previous record: the binding stands in no chain of its flow. */
export const notChained = -1;

function expiresAt(words: Int32Array, at: number): number {
  return ((words[at + bindingWord.expires] as number) >>> 0) * 1000;
}

function isPermanentAt(words: Int32Array, at: number): boolean {
  const head = words[at] as number;
  if ((head & has.flags) === 0) return false;
  return isPermanent({ flags: words[at + optionalWord(head, has.flags)] as number });
}

function textBytes(words: Int32Array, at: number, head: number): number {
  const lengths = words[at + bindingWord.lengths] as number;
  if (head & has.oddText) return lengths;
  let bytes = (head >>> headBits.ruidShift) + (lengths & headBits.maxText) + (lengths >>> 16);
  if (head & allLengths) {
    let next = at + optionalWord(head, has.path);
    if (head & has.path) bytes += words[next++] as number;
    if (head & has.received) bytes += words[next++] as number;
    if (head & has.instance) bytes += words[next++] as number;
    if (head & has.extension) bytes += words[next++] as number;
  }
  return bytes;
}

/** The head of a binding; with `oddText` when a number or a length does not fit, whatever its texts contain. */
function headOf(binding: Binding): number {
  const { ruid, contact, callId, q, flowId, flags, branchFlags, methods, regId } = binding;
  let head = ((q + 1) << headBits.qShift) | (ruid.length << headBits.ruidShift);
  if (binding.userAgent !== '') head |= has.userAgent;
  if (binding.socket !== undefined) head |= has.socket;
  if (binding.path !== undefined) head |= has.path;
  if (binding.received !== undefined) head |= has.received;
  if (binding.instance !== undefined) head |= has.instance;
  if (binding.extension !== '') head |= has.extension;
  if (flowId !== undefined) head |= has.flow;
  if (flags !== 0) head |= has.flags;
  if (branchFlags !== 0) head |= has.branchFlags;
  if (methods !== undefined) head |= has.methods;
  if (regId !== 0) head |= has.regId;
  const fits =
    q >= -1 &&
    q <= 1000 &&
    Number.isInteger(q) &&
    ruid.length <= headBits.maxRuid &&
    contact.length <= headBits.maxText &&
    callId.length <= headBits.maxText &&
    isSecond(binding.expiresAt) &&
    isSecond(binding.lastModifiedAt) &&
    binding.cseq >>> 0 === binding.cseq &&
    isWord(flowId ?? 0) &&
    isWord(flags) &&
    isWord(branchFlags) &&
    isWord(methods ?? 0) &&
    isWord(regId);
  return fits ? head : (head & besideOddText) | has.oddText;
}

function isWord(value: number): boolean {
  return (value | 0) === value;
}

/** Whether an instant is a whole second that fits a word. */
function isSecond(at: number): boolean {
  const seconds = Math.floor(at / 1000);
  return seconds >= 0 && seconds <= maxWord && seconds * 1000 === at;
}

function haveSameTexts(a: Binding, b: Binding): boolean {
  return (
    a.contact === b.contact &&
    a.callId === b.callId &&
    a.ruid === b.ruid &&
    a.userAgent === b.userAgent &&
    a.socket === b.socket &&
    a.path === b.path &&
    a.received === b.received &&
    a.instance === b.instance &&
    a.extension === b.extension &&
    a.flowId === b.flowId
  );
}

function textOf(binding: Binding): string {
  const { path, received, instance, extension } = binding;
  let text = binding.ruid + binding.contact + binding.callId;
  if (path !== undefined) text += path;
  if (received !== undefined) text += received;
  if (instance !== undefined) text += instance;
  if (extension !== '') text += extension;
  return text;
}

function isStorable({ userAgent, socket }: Binding, text: string): boolean {
  return isLatin1(text) && isLatin1(userAgent) && (socket === undefined || isLatin1(socket));
}

/** An odd binding's values in the order of `readOdd`; JSON writes undefined as null. */
function oddText(binding: Binding): string {
  const values = [
    ...[binding.ruid, binding.contact, binding.expiresAt, binding.q, binding.callId, binding.cseq, binding.received],
    ...[binding.path, binding.socket, binding.flowId, binding.userAgent, binding.flags, binding.branchFlags],
    ...[binding.methods, binding.instance, binding.regId, binding.extension, binding.lastModifiedAt],
  ];
  for (const value of values)
    assert(typeof value !== 'number' || Number.isFinite(value), 'a binding has a number that is none');
  return latin1Json(JSON.stringify(values));
}

type Text = string | null;
type OddValues = readonly [
  ...[string, string, number, number, string, number, Text, Text, Text, number | null, string, number, number],
  ...[number | null, Text, number, string, number],
];

function readOdd(text: string): Binding {
  // Only `oddText` writes what comes here.
  const values = JSON.parse(text) as OddValues;
  return {
    ruid: values[0],
    contact: values[1],
    expiresAt: values[2],
    q: values[3],
    callId: values[4],
    cseq: values[5],
    received: values[6] ?? undefined,
    path: values[7] ?? undefined,
    socket: values[8] ?? undefined,
    flowId: values[9] ?? undefined,
    userAgent: values[10],
    flags: values[11],
    branchFlags: values[12],
    methods: values[13] ?? undefined,
    instance: values[14] ?? undefined,
    regId: values[15],
    extension: values[16],
    lastModifiedAt: values[17],
  };
}

/** An odd binding may have times that do not fit: the word is then the whole second after, or as far as words reach. */
function writeTimes(words: Int32Array, at: number, binding: Binding): void {
  words[at + bindingWord.expires] = clamped(Math.ceil(binding.expiresAt / 1000));
  words[at + bindingWord.modified] = clamped(Math.ceil(binding.lastModifiedAt / 1000));
  words[at + bindingWord.cseq] = binding.cseq;
}

function clamped(value: number): number {
  return value < 0 ? 0 : value > maxWord ? maxWord : value;
}

function writeNumbers(words: Int32Array, start: number, head: number, binding: Binding): void {
  let at = start;
  if (head & has.flags) words[at++] = binding.flags;
  if (head & has.branchFlags) words[at++] = binding.branchFlags;
  if (head & has.methods) words[at++] = binding.methods ?? 0;
  if (head & has.regId) words[at++] = binding.regId;
}
