import { type CSeq, scanCSeq } from './headers/cseq.ts';
import { NameAddr, scanNameAddr } from './headers/name-addr.ts';
import { scanVia, type Via } from './headers/via.ts';
import { limits } from './limits.ts';
import type { SipUri } from './parse-uri.ts';
import { SipError } from './sip-error.ts';

const CR = 0x0d;
const LF = 0x0a;
const SP = 0x20;
const HT = 0x09;
const DEL = 0x7f;

/**
 * The values that every message is asked for (RFC 3261 §8.1.1), read while its bytes are at hand. What is not read
 * here, because its line is folded, blanks end it or its value has a fault, is left undefined: then the message parses
 * it when it is asked. One object for all messages.
 */
export class ReadAhead {
  topVia: Via | undefined = undefined;
  from: NameAddr | undefined = undefined;
  to: NameAddr | undefined = undefined;
  callId: string | undefined = undefined;
  cseq: CSeq | undefined = undefined;
  uri: SipUri | undefined = undefined;
  #wantsUris = false;
  #wantsFromUri = false;
  /** Lines found so far, a bit for each name: of several lines of one name the first one counts. */
  #seen = 0;

  /** Begins with a new message. */
  clear(isRequest: boolean, isRegister: boolean): void {
    this.topVia = undefined;
    this.from = undefined;
    this.to = undefined;
    this.callId = undefined;
    this.cseq = undefined;
    this.uri = undefined;
    this.#wantsUris = isRequest;
    // A REGISTER says the same URI in From and To.
    this.#wantsFromUri = isRequest && !isRegister;
    this.#seen = 0;
  }

  /**
   * Takes a line, in the order of the message.
   * @param head the text of `bytes` from 0 on
   * @param afterColon where its value begins, blanks included
   * @param lineEnd the position after its line break
   * @param isFolded whether there are line breaks in it: such a value is left to the message
   * @returns the value, when it was read; its text is all that the line says
   */
  readLine(
    name: string,
    head: string,
    bytes: Uint8Array,
    afterColon: number,
    lineEnd: number,
    isFolded: boolean,
  ): string | undefined {
    const bit = bitOf(name);
    if (bit === 0 || (this.#seen & bit) !== 0) return undefined;
    this.#seen |= bit;
    if (isFolded) return undefined;
    let start = afterColon;
    while (bytes[start] === SP || bytes[start] === HT) start++;
    let end = lineEnd - 1;
    if (bytes[end] !== LF) return undefined;
    if (bytes[end - 1] === CR) end--;
    // The casts: there is the name before the value.
    if (end <= start || (bytes[start] as number) <= SP || (bytes[end - 1] as number) <= SP) return undefined;
    switch (bit) {
      case bits.via:
        return this.#readVia(head, bytes, start, end);
      case bits.from:
        this.from = readAddress(head, bytes, start, end, this.#wantsFromUri);
        return this.from?.text;
      case bits.to:
        this.to = readAddress(head, bytes, start, end, this.#wantsUris);
        return this.to?.text;
      case bits.callId:
        this.callId = readCallId(head, bytes, start, end);
        return this.callId;
      default:
        return this.#readCSeq(head, bytes, start, end);
    }
  }

  #readVia(head: string, bytes: Uint8Array, start: number, end: number): string | undefined {
    const via = scanVia(head, bytes, start, end);
    // Of several values in one line the second one would be a fault of the parameters.
    if (via instanceof SipError || via.fault !== undefined) return undefined;
    this.topVia = via;
    return via.text;
  }

  #readCSeq(head: string, bytes: Uint8Array, start: number, end: number): string | undefined {
    const cseq = scanCSeq(head, bytes, start, end);
    if (!(cseq instanceof SipError)) this.cseq = cseq;
    return undefined;
  }
}

function readAddress(
  head: string,
  bytes: Uint8Array,
  start: number,
  end: number,
  wantsUri: boolean,
): NameAddr | undefined {
  const address = scanNameAddr(head, bytes, start, end, NameAddr, wantsUri);
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
