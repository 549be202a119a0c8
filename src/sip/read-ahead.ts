import { type CSeq, scanCSeq } from './headers/cseq.ts';
import { NameAddr, scanNameAddr, scanNameAddrParts } from './headers/name-addr.ts';
import { scanVia, type Via } from './headers/via.ts';
import { limits } from './limits.ts';
import type { SipUri } from './parse-uri.ts';
import { SipError } from './sip-error.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const HT = 0x09;
const DEL = 0x7f;

const noVias: readonly Via[] = [];

/**
 * The values that every message is asked for (RFC 3261 §8.1.1), read while its bytes are at hand. What is not read
 * here, because its line is folded, blanks end it or its value has a fault, is left undefined: then the message parses
 * it when it is asked. One object for all messages.
 */
export class ReadAhead {
  /** All that its line says. */
  topVia: Via | undefined = undefined;
  /** All Vias; undefined when one of them is not all that its line says. */
  vias: readonly Via[] | undefined = undefined;
  from: NameAddr | undefined = undefined;
  to: NameAddr | undefined = undefined;
  /** From and To of a response are seldom asked for: it is only known that they can be read. */
  hasFrom = false;
  hasTo = false;
  callId: string | undefined = undefined;
  cseq: CSeq | undefined = undefined;
  uri: SipUri | undefined = undefined;
  /** The `nameBit`s of all lines. */
  names = 0;
  #isRequest = false;
  #checksFromUri = false;
  /** Lines found so far, a bit for each name: of several lines of one name the first one counts. */
  #seen = 0;

  /** Begins with a new message. */
  clear(isRequest: boolean, isRegister: boolean): void {
    this.topVia = undefined;
    this.vias = noVias;
    this.from = undefined;
    this.to = undefined;
    this.names = 0;
    this.hasFrom = false;
    this.hasTo = false;
    this.callId = undefined;
    this.cseq = undefined;
    this.uri = undefined;
    this.#isRequest = isRequest;
    // A REGISTER says the same URI in From and To.
    this.#checksFromUri = isRequest && !isRegister;
    this.#seen = 0;
  }

  /**
   * Takes a line, in the order of the message.
   * @param head the text of `bytes` from 0 on
   * @param afterColon where its value begins, blanks included
   * @param lineEnd the position after its line break
   * @param isFolded whether there are line breaks in it: such a value is left to the message
   */
  readLine(
    name: string,
    head: string,
    bytes: Uint8Array,
    afterColon: number,
    lineEnd: number,
    isFolded: boolean,
  ): void {
    const bit = bitOf(name);
    if (bit === 0) return;
    const isFirst = (this.#seen & bit) === 0;
    this.#seen |= bit;
    if (!isFirst && bit !== bits.via) return;
    let start = afterColon;
    while (bytes[start] === SP || bytes[start] === HT) start++;
    const end = isFolded ? -1 : endOfValue(bytes, start, lineEnd);
    if (bit === bits.via) {
      if (this.vias !== undefined) this.#addVia(end < 0 ? undefined : readVia(head, bytes, start, end));
      return;
    }
    if (end < 0) return;
    switch (bit) {
      case bits.from:
        if (this.#isRequest) this.from = readAddress(head, bytes, start, end, this.#checksFromUri);
        else this.hasFrom = scanNameAddrParts(bytes, start, end) === undefined;
        return;
      case bits.to:
        if (this.#isRequest) this.to = readAddress(head, bytes, start, end, true);
        else this.hasTo = scanNameAddrParts(bytes, start, end) === undefined;
        return;
      case bits.callId:
        this.callId = readCallId(head, bytes, start, end);
        return;
      default:
        this.#readCSeq(head, bytes, start, end);
    }
  }

  #addVia(via: Via | undefined): void {
    const { vias } = this;
    if (via === undefined || vias === undefined || vias.length === limits.maxVias) {
      this.vias = undefined;
      return;
    }
    if (vias.length === 0) this.topVia = via;
    this.vias = vias.length === 0 ? [via] : [...vias, via];
  }

  #readCSeq(head: string, bytes: Uint8Array, start: number, end: number): void {
    const cseq = scanCSeq(head, bytes, start, end);
    if (!(cseq instanceof SipError)) this.cseq = cseq;
  }
}

/** The end of the value that begins at `start`; -1 when there is none, or when it is not as plain as it should be. */
function endOfValue(bytes: Uint8Array, start: number, lineEnd: number): number {
  let end = lineEnd - 1;
  if (bytes[end] !== LF) return -1;
  if (bytes[end - 1] === CR) end--;
  // The casts: there is the name before the value.
  return end <= start || (bytes[start] as number) <= SP || (bytes[end - 1] as number) <= SP ? -1 : end;
}

function readVia(head: string, bytes: Uint8Array, start: number, end: number): Via | undefined {
  const via = scanVia(head, bytes, start, end);
  // Of several values in one line the second one would be a fault of the parameters.
  return via instanceof SipError || via.fault !== undefined ? undefined : via;
}

function readAddress(
  head: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  checksUri: boolean,
): NameAddr | undefined {
  const address = scanNameAddr(head, bytes, start, end, NameAddr, checksUri);
  return address instanceof SipError ? undefined : address;
}

function readCallId(head: string, bytes: Uint8Array, start: number, end: number): string | undefined {
  if (end - start > limits.maxCallIdBytes) return undefined;
  for (let at = start; at < end; at++) {
    const c = bytes[at] as number; // at is inside
    if (c <= SP || c >= DEL) return undefined;
  }
  return head.slice(start, end);
}

const bits = { via: 1, from: 2, to: 4, callId: 8, cseq: 16 } as const;

function bitOf(name: string): number {
  switch (name) {
    case 'via':
      return bits.via;
    case 'from':
      return bits.from;
    case 'to':
      return bits.to;
    case 'call-id':
      return bits.callId;
    case 'cseq':
      return bits.cseq;
    default:
      return 0;
  }
}
