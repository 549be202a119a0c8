import { DIGIT, equalsIgnoreCase, GEN_VALUE, HOSTNAME, isIn, TOKEN } from '../char-class.ts';
import { parseDecimal } from '../decimal.ts';
import { HeaderField } from '../header-field.ts';
import { isIpv6, skipHost } from '../host.ts';
import { limits } from '../limits.ts';
import { findScannedParam, Params, scanHeaderParamCodes, scannedParams } from '../params.ts';
import { unquote } from '../quoted-string.ts';
import { SipError } from '../sip-error.ts';
import { codesOf, codesStandAt, skipBlankCodes, skipCodes } from '../text-codes.ts';
import { toLineText } from '../wire-text.ts';

/** One Via value (RFC 3261 §20.42, RFC 3581). */
export class Via {
  /** Protocol name and version, in upper case and without blanks: `SIP/2.0`. */
  readonly protocol: string;
  /** In upper case: `UDP`, `TCP`, `TLS`, `WS`, … */
  readonly transport: string;
  /** The host of sent-by, as written; an IPv6 address keeps the brackets if it came with them. */
  readonly host: string;
  /** The port of sent-by; undefined when none is written. */
  readonly port: number | undefined;
  /**
   * What is wrong with the parameters. Such a Via has no parameters here; it says where a 400 goes to, and the
   * message must not be used for anything else.
   */
  readonly fault: SipError | undefined;
  /** The whole value, unfolded. */
  readonly text: string;
  readonly #params: ViaParams;

  constructor(
    text: string,
    protocol: string,
    transport: string,
    host: string,
    port: number | undefined,
    params: ViaParams,
    fault: SipError | undefined,
  ) {
    this.text = text;
    this.protocol = protocol;
    this.transport = transport;
    this.host = host;
    this.port = port;
    this.fault = fault;
    this.#params = params;
  }

  /** The branch, which identifies the transaction together with sent-by (§17.2.3); undefined when empty. */
  get branch(): string | undefined {
    return this.#params.branch;
  }

  /** RFC 3581: the source port, or `'empty'` when the client asks for it. */
  get rport(): number | 'empty' | undefined {
    return this.#params.rport;
  }

  /** The address that the previous element saw the message come from (§18.2.1), as written. */
  get received(): string | undefined {
    return this.#params.received;
  }

  get params(): Params {
    const { start, count } = this.#params;
    return count === 0 ? Params.none : new Params(this.text, start, this.text.length, count);
  }

  /** The maddr parameter: a multicast or other address for responses (§18.2.2). */
  get maddr(): string | undefined {
    return this.params.get('maddr') || undefined;
  }

  /** The ttl parameter, 0..255; undefined when absent or malformed. */
  get ttl(): number | undefined {
    const ttl = parseDecimal(this.params.get('ttl') ?? '', 256);
    return ttl < 0 || ttl > 255 ? undefined : ttl;
  }

  /**
   * The value with the source address in `received` and, when `rport` is given, the source port in `rport`
   * (§18.2.1, RFC 3581 §4). What the peer itself wrote there is replaced.
   * @param received an IP address without brackets
   * @param rport the source port; undefined leaves the parameter as it is
   */
  withSource(received: string, rport: number | undefined): string {
    const at = this.#params.rportEnd;
    if (at >= 0 && rport !== undefined) {
      return `${this.text.slice(0, at)}=${rport}${this.text.slice(at)};received=${received}`;
    }
    const params = this.params;
    if (rport === undefined && !params.has('received')) return `${this.text};received=${received}`;
    let text = this.text.slice(0, this.text.length - params.toString().length).trimEnd();
    let hasRport = false;
    for (const { name, value } of params.entries()) {
      const lower = name.toLowerCase();
      if (lower === 'received') continue;
      if (lower === 'rport' && rport !== undefined) {
        if (!hasRport) text += `;rport=${rport}`;
        hasRport = true;
      } else text += value === undefined ? `;${name}` : `;${name}=${value}`;
    }
    text += `;received=${received}`;
    return rport === undefined || hasRport ? text : `${text};rport=${rport}`;
  }

  /**
   * As `withSource`, as the Via that it is the text of: what is known of this one is not parsed again.
   * @returns undefined when it has to be parsed, since there is more to its parameters than a bare `rport`
   */
  seenFrom(received: string, rport: number | undefined): Via | undefined {
    const { start, count, branch, rportEnd } = this.#params;
    if (rportEnd < 0 || rport === undefined || count > limits.maxParams - 2) return undefined;
    const { protocol, transport, host, port } = this;
    const text = this.withSource(received, rport);
    const params = { start, count: count + 1, branch, rport: portOrEmpty(rport), received, rportEnd: -1 };
    return new Via(text, protocol, transport, host, port, params, undefined);
  }
}

/** What `scanVia` finds of the parameters. */
interface ViaParams {
  /** Where they begin in the value, and how many there are. */
  readonly start: number;
  readonly count: number;
  readonly branch: string | undefined;
  readonly rport: number | 'empty' | undefined;
  readonly received: string | undefined;
  /** Where the port of a bare `rport` goes; -1 unless it is as simple as that. */
  readonly rportEnd: number;
}

const noParams: ViaParams = {
  start: 0,
  count: 0,
  branch: undefined,
  rport: undefined,
  received: undefined,
  rportEnd: -1,
};

function portOrEmpty(port: number): number | 'empty' {
  return port > 0 && port < 65_536 ? port : 'empty';
}

/**
 * Parses one Via value: `name "/" version "/" transport LWS host [ ":" port ] *( ";" param )`, with blanks around
 * "/", ":", ";" and "=" (RFC 3261 §25.1).
 *
 * Two liberties, because a Via that is not understood cannot be answered: a host name may have "_" and labels of
 * digits, and an IPv6 address may lack its brackets (RFC 5118 §4.5), in which case no port follows it.
 * @param text one value, unfolded, without blanks around it
 * @returns the Via, with `fault` set when only the parameters are malformed, or a failure
 */
export function parseVia(text: string): Via | SipError {
  return scanVia(text, codesOf(text), 0, text.length);
}

/** As `parseVia`, for a value that stands from `start` to `end` in a text whose codes are at hand: see `text-codes.ts`. */
export function scanVia(text: string, codes: Uint8Array, start: number, end: number): Via | SipError {
  const nameEnd = skipCodes(codes, start, TOKEN);
  const version = afterSlash(codes, nameEnd, end);
  const versionEnd = skipCodes(codes, version, TOKEN);
  const transport = afterSlash(codes, versionEnd, end);
  const transportEnd = skipCodes(codes, transport, TOKEN);
  if (nameEnd === start || versionEnd === version || transportEnd === transport) {
    return new SipError('SIP_BAD_VIA', 'Via does not begin with protocol, version and transport', nameEnd);
  }
  const host = skipBlankCodes(codes, transportEnd);
  if (host === transportEnd) return new SipError('SIP_BAD_VIA', 'no blank stands before the host of Via', host);

  const hostEnd = skipSentByHost(text, codes, host);
  if (hostEnd < 0) return new SipError('SIP_BAD_VIA', 'the host of Via is missing or malformed', host);
  let port: number | undefined;
  let sentByEnd = hostEnd;
  const colon = skipBlankCodes(codes, hostEnd);
  if (codes[colon] === 0x3a) {
    const digits = skipBlankCodes(codes, colon + 1);
    sentByEnd = skipCodes(codes, digits, DIGIT);
    port = parseDecimal(text, 65_536, digits, sentByEnd);
    if (port < 0 || port > 65_535) return new SipError('SIP_BAD_VIA', 'the port of Via is no port', digits);
  }

  const fault = scanHeaderParamCodes(codes, sentByEnd, end);
  return new Via(
    text.slice(start, end),
    protocolOf(text, codes, start, nameEnd, version, versionEnd),
    upperTransport(text, codes, transport, transportEnd),
    text.slice(host, hostEnd),
    port,
    fault === undefined ? readParams(text, start, sentByEnd, skipBlankCodes(codes, sentByEnd)) : noParams,
    fault,
  );
}

/** The parameters of the Via that begins at `viaStart`, which were scanned just now. */
function readParams(text: string, viaStart: number, sentByEnd: number, start: number): ViaParams {
  if (scannedParams.size === 0) return noParams;
  const port = scannedValue(text, findScannedParam(text, 'rport'));
  const received = scannedValue(text, findScannedParam(text, 'received'));
  return {
    start: start - viaStart,
    count: scannedParams.size,
    branch: scannedValue(text, findScannedParam(text, 'branch')) || undefined,
    rport: port === undefined ? undefined : portOrEmpty(parseDecimal(port, 65_536)),
    received: received || undefined,
    rportEnd: port === '' && received === undefined ? Math.max(bareRportEnd(text, sentByEnd) - viaStart, -1) : -1,
  };
}

/** The value of a parameter that was scanned just now, as `Params.get` gives it. */
function scannedValue(text: string, at: number): string | undefined {
  if (at < 0) return undefined;
  const { offsets } = scannedParams;
  const start = offsets[at + 2] as number; // inside, as is the next
  return start < 0 ? '' : unquote(text.slice(start, offsets[at + 3]));
}

/** The end of the only `rport` when it has no "=" and there are no blanks, so that it can be filled in; else -1. */
function bareRportEnd(text: string, sentByEnd: number): number {
  const { offsets, size } = scannedParams;
  let found = -1;
  let end = sentByEnd;
  for (let at = 0; at < size * 4; at += 4) {
    // The casts: all four are inside.
    const nameEnd = offsets[at + 1] as number;
    const value = offsets[at + 2] as number;
    if (offsets[at] !== end + 1 || (value >= 0 && value !== nameEnd + 1)) return -1;
    end = value < 0 ? nameEnd : (offsets[at + 3] as number);
    if (!equalsIgnoreCase(text, offsets[at] as number, nameEnd, 'rport')) continue;
    if (found >= 0 || value >= 0) return -1;
    found = nameEnd;
  }
  return found;
}

/** The position after "/" and the blanks around it; a position that gives an empty token when there is none. */
function afterSlash(codes: Uint8Array, at: number, end: number): number {
  const slash = skipBlankCodes(codes, at);
  return codes[slash] === 0x2f ? skipBlankCodes(codes, slash + 1) : end;
}

function protocolOf(
  text: string,
  codes: Uint8Array,
  start: number,
  nameEnd: number,
  version: number,
  versionEnd: number,
): string {
  if (codesStandAt(codes, start, 'SIP/2.0')) return 'SIP/2.0';
  return `${text.slice(start, nameEnd).toUpperCase()}/${text.slice(version, versionEnd)}`;
}

function upperTransport(text: string, codes: Uint8Array, start: number, end: number): string {
  if (end - start === 3) {
    if (codesStandAt(codes, start, 'UDP')) return 'UDP';
    if (codesStandAt(codes, start, 'TCP')) return 'TCP';
    if (codesStandAt(codes, start, 'TLS')) return 'TLS';
  }
  return text.slice(start, end).toUpperCase();
}

/** The end of the host of sent-by, or -1. */
function skipSentByHost(text: string, codes: Uint8Array, start: number): number {
  if (codes[start] === 0x5b) return skipHost(text, start);
  let end = start;
  while (isIn(codes[end] as number, HOSTNAME) || codes[end] === 0x5f) end++;
  if (codes[end] === 0x3a) {
    const all = skipCodes(codes, end, GEN_VALUE);
    if (skipCodes(codes, end + 1, DIGIT) < all && isIpv6(text, start, all)) return all;
  }
  return end > start ? end : -1;
}

/** What all Vias of one listener say (RFC 3261 §18.1.1). */
export interface SentBy {
  /** `UDP`, `TCP`, … in upper case. */
  readonly transport: string;
  /** An IPv6 address in brackets. */
  readonly host: string;
  readonly port?: number | undefined;
}

/** The line of a Via that we add to a request, up to its branch. */
export function viaLineBegin({ transport, host, port }: SentBy): string {
  return toLineText(`Via: SIP/2.0/${transport} ${host}${port === undefined ? '' : `:${port}`};branch=`);
}

/**
 * The Via that we add to a request. It asks for the source port: the reply comes back to the port that the request
 * left from, also across a NAT (RFC 3581 §3).
 * @param begin what `viaLineBegin` gave
 * @param branch a token
 */
export function viaField(begin: string, branch: string): HeaderField {
  const line = `${begin}${branch};rport\r\n`;
  return new HeaderField('via', line, 0, 'Via:'.length, line.length, false);
}
