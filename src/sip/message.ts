import { parseDecimal } from './decimal.ts';
import { HeaderField } from './header-field.ts';
import { endOf, type HeaderLine, knownNameOf, nameBit, startOf, unpackLine, withValueAt } from './header-line.ts';
import { endOfValue, splitList, trimBlanks } from './header-list.ts';
import { canonicalHeaderName, displayHeaderName } from './header-name.ts';
import { type Contact, parseContacts } from './headers/contact.ts';
import { type CSeq, parseCSeq } from './headers/cseq.ts';
import { parseMaxForwards } from './headers/max-forwards.ts';
import { type NameAddr, parseNameAddr } from './headers/name-addr.ts';
import { parseVia, Via } from './headers/via.ts';
import { limits } from './limits.ts';
import { contentLengthOf } from './message-length.ts';
import { parseUri, type Uri } from './parse-uri.ts';
import type { ReadAhead } from './read-ahead.ts';
import { SipError } from './sip-error.ts';
import { codesOf } from './text-codes.ts';
import { toLineText } from './wire-text.ts';

export { HeaderField } from './header-field.ts';

export const emptyBody: Buffer = Buffer.alloc(0);
const noValues: readonly string[] = [];
const noFields: readonly HeaderField[] = [];
const noNameAddrs: readonly NameAddr[] = [];

/**
 * What requests and responses have in common: header lines in their order, and a body.
 *
 * Lines are kept as they came; typed values (`topVia`, `contacts`, …) are parsed on first use and kept until a
 * change of that header. Header names are taken in any case and in compact form.
 */
export abstract class SipMessage {
  /**
   * The first thing that is wrong with the structure of the message, but leaves it answerable: a line that is no
   * header, a bad Content-Length, a limit crossed. A request with a fault is refused, a response is dropped.
   */
  readonly fault: SipError | undefined;
  #lines: HeaderLine[];
  /** The head as received, which lines that are numbers are of. */
  #text: string;
  #isChanged: boolean;
  /** The `nameBit`s of the lines: most questions are for headers that are not there. */
  #names: number;
  /** A text of one byte per character until somebody asks for the bytes. */
  #body: Buffer | string;
  /** Content-Length is right, as long as its line is as received. */
  #hasRightLength: boolean;

  #topVia: Via | SipError | undefined = undefined;
  /** The top Via is all that the first line of that name says, in one line. */
  #topViaIsLine = false;
  #vias: readonly Via[] | SipError | undefined = undefined;
  /** From and To are known to be readable, though they were not parsed. */
  #hasParties = false;
  #from: NameAddr | SipError | undefined = undefined;
  #to: NameAddr | SipError | undefined = undefined;
  #callId: string | SipError | undefined = undefined;
  #cseq: CSeq | SipError | undefined = undefined;
  #contacts: readonly Contact[] | '*' | SipError | undefined = undefined;
  #routes: readonly NameAddr[] | SipError | undefined = undefined;
  #recordRoutes: readonly NameAddr[] | SipError | undefined = undefined;
  #path: readonly NameAddr[] | SipError | undefined = undefined;

  /**
   * @param lines owned by the message from here on
   * @param body bytes, or a text of one byte per character
   * @param head the whole head when it has these lines, so that it can go out as it came
   * @param known values of the fields that were read already; used during the call only
   */
  protected constructor(
    lines: HeaderLine[],
    body: Buffer | string,
    head: string | undefined,
    fault: SipError | undefined,
    known: ReadAhead | undefined,
  ) {
    this.fault = fault;
    this.#lines = lines;
    this.#text = head ?? '';
    this.#isChanged = head === undefined;
    this.#names = known?.names ?? -1;
    this.#body = body;
    this.#hasRightLength = head !== undefined && fault === undefined;
    if (known === undefined) return;
    this.#topVia = known.topVia;
    this.#topViaIsLine = known.topVia !== undefined;
    this.#vias = known.vias?.length === 0 ? undefined : known.vias;
    this.#hasParties = known.hasFrom && known.hasTo;
    this.#from = known.from;
    this.#to = known.to;
    this.#callId = known.callId;
    this.#cseq = known.cseq;
  }

  /** The start line with its line break. */
  protected abstract startLine(): string;

  /** Says that the start line was changed. */
  protected startLineChanged(): void {
    this.#isChanged = true;
  }

  /** Takes over the content of `original`; for `clone`. Header lines and parsed values do not change, so they are shared. */
  protected copyFrom(original: SipMessage): void {
    this.#lines = original.#lines.slice();
    this.#text = original.#text;
    this.#isChanged = original.#isChanged;
    this.#names = original.#names;
    this.#body = original.#body;
    this.#hasRightLength = original.#hasRightLength;
    this.#topVia = original.#topVia;
    this.#topViaIsLine = original.#topViaIsLine;
    this.#vias = original.#vias;
    this.#hasParties = original.#hasParties;
    this.#from = original.#from;
    this.#to = original.#to;
    this.#callId = original.#callId;
    this.#cseq = original.#cseq;
    this.#contacts = original.#contacts;
    this.#routes = original.#routes;
    this.#recordRoutes = original.#recordRoutes;
    this.#path = original.#path;
  }

  // ---- reading header lines

  /** The value of the first line of that name, unfolded; undefined when there is none. */
  header(name: string): string | undefined {
    return this.#first(canonicalHeaderName(name))?.value;
  }

  /** All lines of that name, in order. */
  headerLines(name: string): readonly HeaderField[] {
    const canonical = canonicalHeaderName(name);
    if (this.#lacks(canonical)) return noFields;
    let lines: HeaderField[] | undefined;
    for (let i = 0; i < this.#lines.length; i++) {
      if (!this.#isNamed(i, canonical)) continue;
      if (lines === undefined) lines = [this.fieldAt(i)];
      else lines.push(this.fieldAt(i));
    }
    return lines ?? noFields;
  }

  /** All header lines, in order. */
  headerFields(): readonly HeaderField[] {
    for (let i = 0; i < this.#lines.length; i++) this.fieldAt(i);
    return this.#lines as HeaderField[]; // none is a number any more
  }

  /** How many header lines there are. */
  get lineCount(): number {
    return this.#lines.length;
  }

  /** The canonical name of a line, when it is one that we know, which may be known without looking at the line; else any. */
  knownNameAt(index: number): string {
    return knownNameOf(this.#lines[index] as HeaderLine);
  }

  /** A header line by its place. */
  fieldAt(index: number): HeaderField {
    const line = this.#lines[index] as HeaderLine; // there is such a line
    if (typeof line !== 'number') return line;
    const field = unpackLine(line, this.#text);
    this.#lines[index] = field;
    return field;
  }

  /**
   * All values of that name in order, comma lists split outside of quotes and angle brackets. For headers that are
   * lists; a Date or an Authorization has commas of its own. A line without any value gives none, an empty place
   * in a list gives ''.
   */
  values(name: string): readonly string[] {
    const canonical = canonicalHeaderName(name);
    if (this.#lacks(canonical)) return noValues;
    let values: string[] | undefined;
    for (let i = 0; i < this.#lines.length; i++) {
      if (!this.#isNamed(i, canonical)) continue;
      const { value } = this.fieldAt(i);
      if (value === '') continue;
      values ??= [];
      splitList(value, values);
    }
    return values ?? noValues;
  }

  /** Whether there is a line of that name. */
  has(name: string): boolean {
    return this.#indexOf(canonicalHeaderName(name)) >= 0;
  }

  /**
   * The tokens of a list header: option tags of Require, Supported, … in lower case; the methods of Allow as they
   * are written, because methods have a case. Empty places are left out.
   */
  tokens(name: string): readonly string[] {
    const values = this.values(name);
    if (values.length === 0) return values;
    const keepsCase = canonicalHeaderName(name) === 'allow';
    const tokens: string[] = [];
    for (const value of values) if (value !== '') tokens.push(keepsCase ? value : value.toLowerCase());
    return tokens;
  }

  // ---- changing header lines

  /** Adds a line before the first one of that name, or at the top. */
  prepend(name: string, value: string): void {
    this.prependField(HeaderField.of(name, value));
  }

  /** The same with a line that is at hand. */
  prependField(field: HeaderField): void {
    this.#lines = withLineAt(this.#lines, Math.max(this.#indexOf(field.name), 0), field);
    this.#changed(field.name);
  }

  /** Adds a line at the end of the head. */
  append(name: string, value: string): void {
    const field = HeaderField.of(name, value);
    this.#lines.push(field);
    this.#changed(field.name);
  }

  /** Puts one line in the place of all of that name, where the first was, or at the end. */
  set(name: string, value: string): void {
    const field = HeaderField.of(name, value);
    const at = this.#indexOf(field.name);
    if (at < 0) this.#lines.push(field);
    else {
      this.#lines[at] = field;
      this.#removeFrom(at + 1, field.name);
    }
    this.#changed(field.name);
  }

  /** Removes all lines of that name. */
  remove(name: string): void {
    const canonical = canonicalHeaderName(name);
    if (this.#removeFrom(0, canonical)) this.#changed(canonical);
  }

  /** Puts these lines in the place of all there are, for an edit of the head as a text. */
  replaceFields(fields: readonly HeaderField[]): void {
    this.#lines = fields.slice();
    this.#names = -1;
    for (const name of parsedHeaders) this.#changed(name);
  }

  /** Removes the first value of a list header, with its line when it was the only one there. */
  removeFirstValue(name: string): void {
    const canonical = canonicalHeaderName(name);
    const at = this.#indexOf(canonical);
    if (at < 0) return;
    const field = this.fieldAt(at);
    const value = field.value;
    const end = endOfValue(value, 0);
    if (end >= value.length) this.#removeAt(at);
    else this.#lines[at] = field.withValue(trimBlanks(value, end + 1, value.length));
    this.#changed(canonical);
  }

  /** Puts `value` in the place of the first value of a list header; adds a line at the top when there is none. */
  replaceFirstValue(name: string, value: string): void {
    const canonical = canonicalHeaderName(name);
    const at = this.#indexOf(canonical);
    if (at < 0) {
      this.prepend(name, value);
      return;
    }
    const field = this.fieldAt(at);
    const end = endOfValue(field.value, 0);
    this.#lines[at] = field.withValue(value + field.value.slice(end));
    this.#changed(canonical);
  }

  /**
   * Writes into the top Via where the message came from: see `Via.withSource`. A Via that cannot be read is left alone.
   * @param received an IP address without brackets
   * @param rport the source port; undefined leaves the parameter as it is
   */
  markTopVia(received: string, rport: number | undefined): void {
    const via = this.topVia;
    if (via instanceof SipError) return;
    const seen = via.seenFrom(received, rport);
    const at = this.#indexOf('via');
    if (seen === undefined || !this.#topViaIsLine) {
      this.replaceFirstValue('via', via.withSource(received, rport));
      return;
    }
    const vias = this.#vias;
    const line = this.#lines[at] as HeaderLine; // the one that the top Via was read from
    this.#lines[at] =
      typeof line === 'number' ? withValueAt(line, this.#text, seen.text) : line.withLineText(seen.text);
    this.#changed('via');
    this.#topVia = seen;
    this.#topViaIsLine = true;
    if (Array.isArray(vias)) this.#vias = vias.length === 1 ? [seen] : [seen, ...vias.slice(1)];
  }

  // ---- typed values

  /** The first Via, the one of the previous hop (RFC 3261 §18.2.2). Its parameters may be faulty: see `Via.fault`. */
  get topVia(): Via | SipError {
    if (this.#topVia === undefined) {
      const value = this.#first('via')?.value;
      this.#topVia = value === undefined ? missing('via') : parseVia(trimBlanks(value, 0, endOfValue(value, 0)));
    }
    return this.#topVia;
  }

  /** All Vias, the top one first; a failure when any of them is malformed in any part. */
  get vias(): readonly Via[] | SipError {
    this.#vias ??= this.#parseVias();
    return this.#vias;
  }

  /** Whether there are From and To that can be read. */
  get hasParties(): boolean {
    return this.#hasParties || !(this.from instanceof SipError || this.to instanceof SipError);
  }

  get from(): NameAddr | SipError {
    this.#from ??= this.#nameAddr('from');
    return this.#from;
  }

  get to(): NameAddr | SipError {
    this.#to ??= this.#nameAddr('to');
    return this.#to;
  }

  /**
   * The Call-ID (RFC 3261 §20.8): any printable ASCII without blanks. That is wider than `word [ "@" word ]`,
   * because it is only ever compared, and phones put base64 into it.
   */
  get callId(): string | SipError {
    this.#callId ??= this.#parseCallId();
    return this.#callId;
  }

  get cseq(): CSeq | SipError {
    if (this.#cseq === undefined) {
      const value = this.#first('cseq')?.value;
      this.#cseq = value === undefined ? missing('cseq') : parseCSeq(value);
    }
    return this.#cseq;
  }

  /** All contacts in the order written; `[]` when there is no Contact line. See `parseContacts`. */
  get contacts(): readonly Contact[] | '*' | SipError {
    this.#contacts ??= this.#parseContacts();
    return this.#contacts;
  }

  /** The Route values (RFC 3261 §20.34). */
  get routes(): readonly NameAddr[] | SipError {
    this.#routes ??= this.nameAddrs('route');
    return this.#routes;
  }

  /** The Record-Route values (RFC 3261 §20.30). */
  get recordRoutes(): readonly NameAddr[] | SipError {
    this.#recordRoutes ??= this.nameAddrs('record-route');
    return this.#recordRoutes;
  }

  /** The Path values (RFC 3327). */
  get path(): readonly NameAddr[] | SipError {
    this.#path ??= this.nameAddrs('path');
    return this.#path;
  }

  /** The values of any header that is a list of addresses; `[]` when there is none. */
  nameAddrs(name: string): readonly NameAddr[] | SipError {
    const values = this.values(name);
    if (values.length === 0) return noNameAddrs;
    if (values.length > limits.maxListValues) return tooMany(name, limits.maxListValues);
    const parsed: NameAddr[] = [];
    for (const value of values) {
      const nameAddr = parseNameAddr(value);
      if (nameAddr instanceof SipError) return nameAddr;
      parsed.push(nameAddr);
    }
    return parsed;
  }

  /** RFC 3261 §20.22: 0..255; undefined when there is none. */
  get maxForwards(): number | undefined | SipError {
    const value = this.#first('max-forwards')?.value;
    return value === undefined ? undefined : parseMaxForwards(value);
  }

  /**
   * RFC 3261 §20.14, in bytes; undefined when there is none. Lines that contradict each other are a failure, since
   * two readers would see two different messages.
   */
  get contentLength(): number | undefined | SipError {
    return contentLengthOf(this.headerLines('content-length'));
  }

  // ---- body and bytes

  get body(): Buffer {
    if (typeof this.#body === 'string') this.#body = Buffer.from(this.#body, 'latin1');
    return this.#body;
  }

  /** Replaces the body; Content-Length follows when the message goes out. */
  set body(body: Buffer) {
    this.#body = body;
    this.#hasRightLength = false;
    this.#isChanged = true;
  }

  /**
   * The message as it goes out: every line that was not touched byte for byte. A message that was changed in any
   * way gets a Content-Length that is right (§18.3, §20.14); one that was not is exactly what came in.
   */
  toBuffer(): Buffer {
    return Buffer.from(this.toWire(), 'latin1');
  }

  /** As `toBuffer`, as a string of one character per byte. */
  toWire(): string {
    const head = this.#isChanged ? this.#buildHead() : this.#text;
    const body = this.#body;
    if (body.length === 0) return head;
    return head + (typeof body === 'string' ? body : body.toString('latin1'));
  }

  /** How many bytes the message takes on the wire behind its start line, without building it. */
  protected get lengthAfterStartLine(): number {
    let length = 0;
    let hasLength = false;
    for (const line of this.#lines) {
      length += typeof line === 'number' ? endOf(line, this.#text) - startOf(line) : line.end - line.start;
      hasLength ||= knownNameOf(line) === 'content-length';
    }
    // §16.6 step 9: the serializer adds the Content-Length that a stream needs.
    if (!hasLength) length += `Content-Length: ${this.#body.length}\r\n`.length;
    return length + 2 + this.#body.length;
  }

  #buildHead(): string {
    let head = this.startLine();
    let hasLength = false;
    // Lines that follow each other as they came are copied together, which most are.
    let text = '';
    let from = 0;
    let to = 0;
    for (let i = 0; i < this.#lines.length; i++) {
      const line = this.#lineToSend(i, hasLength);
      if (line === undefined) continue;
      hasLength ||= knownNameOf(line) === 'content-length';
      const isPacked = typeof line === 'number';
      const source = isPacked ? this.#text : line.text;
      const start = isPacked ? startOf(line) : line.start;
      if (start !== to || source !== text) {
        if (to > from) head += text.slice(from, to);
        text = source;
        from = start;
      }
      to = isPacked ? endOf(line, source) : line.end;
    }
    if (to > from) head += text.slice(from, to);
    return hasLength ? `${head}\r\n` : `${head}Content-Length: ${this.#body.length}\r\n\r\n`;
  }

  /** The line with its place, Content-Length corrected; undefined for what repeats Content-Length. */
  #lineToSend(index: number, hasLength: boolean): HeaderLine | undefined {
    const line = this.#lines[index] as HeaderLine; // inside
    if (knownNameOf(line) !== 'content-length') return line;
    if (hasLength) return undefined;
    if (this.#hasRightLength && typeof line === 'number') return line;
    const { length } = this.#body;
    const field = this.fieldAt(index);
    return parseDecimal(field.value, length + 1) === length ? field : field.withValue(String(length));
  }

  // ---- inside

  #first(canonical: string): HeaderField | undefined {
    const at = this.#indexOf(canonical);
    return at < 0 ? undefined : this.fieldAt(at);
  }

  #indexOf(canonical: string): number {
    if (this.#lacks(canonical)) return -1;
    for (let i = 0; i < this.#lines.length; i++) if (this.#isNamed(i, canonical)) return i;
    return -1;
  }

  #lacks(canonical: string): boolean {
    return (this.#names & nameBit(canonical)) === 0;
  }

  #isNamed(index: number, canonical: string): boolean {
    const name = this.knownNameAt(index);
    return (name === '' ? this.fieldAt(index).name : name) === canonical;
  }

  /** Removes the lines of that name from index `from` on; says whether there was one. */
  #removeFrom(from: number, canonical: string): boolean {
    const lines = this.#lines;
    let kept = from;
    for (let i = from; i < lines.length; i++) {
      if (!this.#isNamed(i, canonical)) lines[kept++] = lines[i] as HeaderLine; // i is inside
    }
    const removed = kept < lines.length;
    lines.length = kept;
    return removed;
  }

  #removeAt(index: number): void {
    const lines = this.#lines;
    for (let i = index + 1; i < lines.length; i++) lines[i - 1] = lines[i] as HeaderLine; // i is inside
    lines.length--;
  }

  #nameAddr(canonical: 'from' | 'to'): NameAddr | SipError {
    const value = this.#first(canonical)?.value;
    return value === undefined ? missing(canonical) : parseNameAddr(value);
  }

  #parseCallId(): string | SipError {
    const value = this.#first('call-id')?.value;
    if (value === undefined) return missing('call-id');
    const { length } = value;
    if (length > limits.maxCallIdBytes) {
      return new SipError('SIP_TOO_LARGE', `Call-ID is longer than ${limits.maxCallIdBytes} bytes`, 0, 400);
    }
    const codes = codesOf(value);
    for (let i = 0; i < length; i++) {
      const c = codes[i] as number; // i is inside
      if (c <= 0x20 || c >= 0x7f) return new SipError('SIP_BAD_CALL_ID', 'Call-ID has a character it cannot have', i);
    }
    return value === '' ? new SipError('SIP_BAD_CALL_ID', 'Call-ID is empty') : value;
  }

  #parseVias(): readonly Via[] | SipError {
    const values = this.values('via');
    if (values.length === 0) return missing('via');
    if (values.length > limits.maxVias) return tooMany('via', limits.maxVias);
    const vias: Via[] = [];
    for (const value of values) {
      const known = vias.length === 0 ? this.#topVia : undefined;
      const via = known instanceof Via && known.text === value ? known : parseVia(value);
      if (via instanceof SipError) return via;
      if (via.fault !== undefined) return via.fault;
      vias.push(via);
    }
    return vias;
  }

  #parseContacts(): readonly Contact[] | '*' | SipError {
    const values: string[] = [];
    // Here an empty line is a value that is missing, so that `parseContacts` refuses it.
    for (const field of this.headerLines('contact')) splitList(field.value, values);
    return parseContacts(values);
  }

  /** Forgets what was parsed from that header, and that the head is as it came. */
  #changed(canonical: string): void {
    this.#isChanged = true;
    this.#names |= nameBit(canonical);
    switch (canonical) {
      case 'via':
        this.#topVia = undefined;
        this.#topViaIsLine = false;
        this.#vias = undefined;
        break;
      case 'from':
        this.#from = undefined;
        this.#hasParties = false;
        break;
      case 'to':
        this.#to = undefined;
        this.#hasParties = false;
        break;
      case 'call-id':
        this.#callId = undefined;
        break;
      case 'cseq':
        this.#cseq = undefined;
        break;
      case 'contact':
        this.#contacts = undefined;
        break;
      case 'route':
        this.#routes = undefined;
        break;
      case 'record-route':
        this.#recordRoutes = undefined;
        break;
      case 'path':
        this.#path = undefined;
        break;
    }
  }
}

/** A request (RFC 3261 §7.1). */
export class SipRequest extends SipMessage {
  /** As written: methods have a case. */
  readonly method: string;
  /** As written: `SIP/2.0` in any case, or another version that is to be refused. */
  readonly version: string;
  #uriText: string;
  #uri: Uri | SipError | undefined;

  constructor(
    method: string,
    uriText: string,
    version: string,
    lines: HeaderLine[],
    body: Buffer | string = emptyBody,
    head?: string,
    fault?: SipError,
    known?: ReadAhead,
  ) {
    super(lines, body, head, fault, known);
    this.method = method;
    this.version = version;
    this.#uriText = uriText;
    this.#uri = known?.uri;
  }

  /** The Request-URI as written. */
  get uriText(): string {
    return this.#uriText;
  }

  /** The Request-URI. Blanks in it or around it, and angle brackets, are a failure (§25.1). */
  get uri(): Uri | SipError {
    this.#uri ??= parseUri(this.#uriText);
    return this.#uri;
  }

  /** Rewrites the Request-URI. */
  setUri(text: string): void {
    this.#uriText = toLineText(text);
    this.#uri = undefined;
    this.startLineChanged();
  }

  /** A copy that can be changed without changing this one. */
  clone(): SipRequest {
    const copy = new SipRequest(this.method, this.#uriText, this.version, [], emptyBody, undefined, this.fault);
    copy.copyFrom(this);
    copy.#uri = this.#uri;
    return copy;
  }

  /** How many bytes the request takes on the wire, without building it. */
  get wireLength(): number {
    // Two spaces and CRLF beside what is counted.
    return this.method.length + this.#uriText.length + this.version.length + 4 + this.lengthAfterStartLine;
  }

  protected override startLine(): string {
    return `${this.method} ${this.#uriText} ${this.version}\r\n`;
  }
}

/** A response (RFC 3261 §7.2). */
export class SipResponse extends SipMessage {
  /** 100..699. */
  readonly status: number;
  /** As written, possibly empty. */
  readonly reason: string;
  readonly version: string;

  constructor(
    status: number,
    reason: string,
    version: string,
    lines: HeaderLine[],
    body: Buffer | string = emptyBody,
    head?: string,
    fault?: SipError,
    known?: ReadAhead,
  ) {
    super(lines, body, head, fault, known);
    this.status = status;
    this.reason = reason;
    this.version = version;
  }

  /** A copy that can be changed without changing this one. */
  clone(): SipResponse {
    const copy = new SipResponse(this.status, this.reason, this.version, [], emptyBody, undefined, this.fault);
    copy.copyFrom(this);
    return copy;
  }

  protected override startLine(): string {
    return `${this.version} ${this.status} ${this.reason}\r\n`;
  }
}

/** The lines with one more, at `index`; a list that is made for so many takes no more memory than it must. */
function withLineAt(lines: readonly HeaderLine[], index: number, line: HeaderLine): HeaderLine[] {
  const more = new Array<HeaderLine>(lines.length + 1);
  for (let i = 0; i < index; i++) more[i] = lines[i] as HeaderLine; // inside
  more[index] = line;
  for (let i = index; i < lines.length; i++) more[i + 1] = lines[i] as HeaderLine; // inside
  return more;
}

/** The headers that typed values are kept of. */
const parsedHeaders = ['via', 'from', 'to', 'call-id', 'cseq', 'contact', 'route', 'record-route', 'path'] as const;

function missing(canonical: string): SipError {
  return new SipError('SIP_MISSING_HEADER', `the ${displayHeaderName(canonical)} header is missing`);
}

function tooMany(name: string, limit: number): SipError {
  return new SipError('SIP_TOO_MANY', `${displayHeaderName(canonicalHeaderName(name))} has more than ${limit} values`);
}
