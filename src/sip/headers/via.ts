import { codeAt, DIGIT, GEN_VALUE, HOSTNAME, isIn, skipBlanks, skipClass, standsAt, TOKEN } from '../char-class.ts';
import { parseDecimal } from '../decimal.ts';
import { isIpv6, skipHost } from '../host.ts';
import { Params, parseHeaderParams } from '../params.ts';
import { SipError } from '../sip-error.ts';
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
  readonly params: Params;
  /**
   * What is wrong with the parameters. Such a Via has no parameters here; it says where a 400 goes to, and the
   * message must not be used for anything else.
   */
  readonly fault: SipError | undefined;
  /** The whole value, unfolded. */
  readonly text: string;

  constructor(
    text: string,
    protocol: string,
    transport: string,
    host: string,
    port: number | undefined,
    params: Params,
    fault: SipError | undefined,
  ) {
    this.text = text;
    this.protocol = protocol;
    this.transport = transport;
    this.host = host;
    this.port = port;
    this.params = params;
    this.fault = fault;
  }

  /** The branch, which identifies the transaction together with sent-by (§17.2.3); undefined when empty. */
  get branch(): string | undefined {
    return this.params.get('branch') || undefined;
  }

  /** The address that the previous element saw the message come from (§18.2.1), as written. */
  get received(): string | undefined {
    return this.params.get('received') || undefined;
  }

  /** RFC 3581: the source port, or `'empty'` when the client asks for it. */
  get rport(): number | 'empty' | undefined {
    const text = this.params.get('rport');
    if (text === undefined) return undefined;
    const port = parseDecimal(text, 65_536);
    return port > 0 && port < 65_536 ? port : 'empty';
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
  const nameEnd = skipClass(text, 0, TOKEN);
  const version = afterSlash(text, nameEnd);
  const versionEnd = skipClass(text, version, TOKEN);
  const transport = afterSlash(text, versionEnd);
  const transportEnd = skipClass(text, transport, TOKEN);
  if (nameEnd === 0 || versionEnd === version || transportEnd === transport) {
    return new SipError('SIP_BAD_VIA', 'Via does not begin with protocol, version and transport', nameEnd);
  }
  const host = skipBlanks(text, transportEnd);
  if (host === transportEnd) return new SipError('SIP_BAD_VIA', 'no blank stands before the host of Via', host);

  let hostEnd = skipSentByHost(text, host);
  if (hostEnd < 0) return new SipError('SIP_BAD_VIA', 'the host of Via is missing or malformed', host);
  const hostText = text.slice(host, hostEnd);
  let port: number | undefined;
  let at = skipBlanks(text, hostEnd);
  if (codeAt(text, at) === 0x3a) {
    const start = skipBlanks(text, at + 1);
    hostEnd = skipClass(text, start, DIGIT);
    port = parseDecimal(text, 65_536, start, hostEnd);
    if (port < 0 || port > 65_535) return new SipError('SIP_BAD_VIA', 'the port of Via is no port', start);
    at = hostEnd;
  }

  const params = parseHeaderParams(text, at);
  const faulty = params instanceof SipError;
  return new Via(
    text,
    protocolOf(text, nameEnd, version, versionEnd),
    upperTransport(text, transport, transportEnd),
    hostText,
    port,
    faulty ? Params.none : params,
    faulty ? params : undefined,
  );
}

/** The position after "/" and the blanks around it; a position that gives an empty token when there is none. */
function afterSlash(text: string, at: number): number {
  const slash = skipBlanks(text, at);
  return codeAt(text, slash) === 0x2f ? skipBlanks(text, slash + 1) : text.length;
}

function protocolOf(text: string, nameEnd: number, version: number, versionEnd: number): string {
  if (standsAt(text, 0, 'SIP/2.0')) return 'SIP/2.0';
  return `${text.slice(0, nameEnd).toUpperCase()}/${text.slice(version, versionEnd)}`;
}

function upperTransport(text: string, start: number, end: number): string {
  if (end - start === 3) {
    if (standsAt(text, start, 'UDP')) return 'UDP';
    if (standsAt(text, start, 'TCP')) return 'TCP';
    if (standsAt(text, start, 'TLS')) return 'TLS';
  }
  return text.slice(start, end).toUpperCase();
}

/** The end of the host of sent-by, or -1. */
function skipSentByHost(text: string, start: number): number {
  if (codeAt(text, start) === 0x5b) return skipHost(text, start);
  let end = start;
  while (isIn(codeAt(text, end), HOSTNAME) || codeAt(text, end) === 0x5f) end++;
  if (codeAt(text, end) === 0x3a) {
    const all = skipClass(text, end, GEN_VALUE);
    if (skipClass(text, end + 1, DIGIT) < all && isIpv6(text, start, all)) return all;
  }
  return end > start ? end : -1;
}

/** What a Via of ours says (RFC 3261 §18.1.1). */
export interface ViaParts {
  /** `UDP`, `TCP`, … in upper case. */
  readonly transport: string;
  /** An IPv6 address in brackets. */
  readonly host: string;
  readonly port?: number | undefined;
  readonly branch: string;
  /** Whether to ask for the source port (RFC 3581). */
  readonly rport?: boolean;
}

/** The value of a Via that we add to a request. */
export function viaValue(parts: ViaParts): string {
  const port = parts.port === undefined ? '' : `:${parts.port}`;
  const rport = parts.rport ? ';rport' : '';
  return toLineText(`SIP/2.0/${parts.transport} ${parts.host}${port};branch=${parts.branch}${rport}`);
}
