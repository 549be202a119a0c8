import { isBlank, isIn, TOKEN } from '../char-class.ts';
import { Params, scanHeaderParamCodes, scannedParams } from '../params.ts';
import { isSipUriAt, parseUri, type Uri } from '../parse-uri.ts';
import { unquote } from '../quoted-string.ts';
import { SipError } from '../sip-error.ts';
import { codesOf, skipBlankCodes, skipQuotedCodes } from '../text-codes.ts';

/**
 * `( name-addr / addr-spec ) *( SEMI generic-param )`: the value of From, To, Route, Record-Route, Path, Reply-To
 * and, with more to it, Contact (RFC 3261 §20.10). The URI is parsed on first use.
 */
export class NameAddr {
  /** The URI as written, without angle brackets. */
  readonly uriText: string;
  readonly params: Params;
  /** The whole value, unfolded. */
  readonly text: string;
  /** The display name as written: with its quotes, or tokens; '' when there is none. */
  readonly rawDisplayName: string;
  readonly #isSipUri: boolean;
  #uri: Uri | SipError | undefined;

  /** @param isSipUri whether the URI is known to be a well-formed sip or sips URI */
  constructor(text: string, rawDisplayName: string, uriText: string, params: Params, isSipUri = false) {
    this.text = text;
    this.rawDisplayName = rawDisplayName;
    this.uriText = uriText;
    this.params = params;
    this.#isSipUri = isSipUri;
    this.#uri = undefined;
  }

  /** The display name without quotes and quoted pairs, as wire text; undefined when there is none. */
  get displayName(): string | undefined {
    return this.rawDisplayName === '' ? undefined : unquote(this.rawDisplayName);
  }

  get uri(): Uri | SipError {
    this.#uri ??= parseUri(this.uriText);
    return this.#uri;
  }

  /** Whether the URI is well-formed, which may be known before it is parsed. */
  get hasUri(): boolean {
    return this.#isSipUri || !(this.uri instanceof SipError);
  }

  /** The tag parameter (RFC 3261 §19.3); undefined when it is absent or empty. */
  get tag(): string | undefined {
    return this.params.get('tag') || undefined;
  }
}

/**
 * Parses one value of From, To, Route, Record-Route, Path and the like.
 * @param text one value, unfolded, without blanks around it
 */
export function parseNameAddr(text: string): NameAddr | SipError {
  return buildNameAddr(text, NameAddr);
}

/** The class that a value becomes an instance of: `NameAddr`, or `Contact`, which has the same grammar. */
type Kind<T extends NameAddr> = new (
  text: string,
  rawDisplayName: string,
  uriText: string,
  params: Params,
  isSipUri?: boolean,
) => T;

/** Parses the value into an instance of `kind`. */
export function buildNameAddr<T extends NameAddr>(text: string, kind: Kind<T>): T | SipError {
  return scanNameAddr(text, codesOf(text), 0, text.length, kind, false);
}

/**
 * As `buildNameAddr`, for a value that stands from `start` to `end` in a text whose codes are at hand: see
 * `text-codes.ts`.
 * @param checksUri whether it is noted that a SIP URI in angle brackets is well-formed
 */
export function scanNameAddr<T extends NameAddr>(
  text: string,
  codes: Uint8Array,
  start: number,
  end: number,
  kind: Kind<T>,
  checksUri: boolean,
): T | SipError {
  const fault = scanNameAddrParts(codes, start, end);
  if (fault !== undefined) return fault;
  const { displayEnd, uri, uriEnd, params } = parts;
  const { size } = scannedParams;
  const list = size === 0 ? Params.none : new Params(text, params, end, size);
  const isSipUri = checksUri && uri > displayEnd && isSipUriAt(text, codes, uri, uriEnd);
  return new kind(text.slice(start, end), text.slice(start, displayEnd), text.slice(uri, uriEnd), list, isSipUri);
}

/** Where the parts of the value stand that was scanned last; its parameters are the `scannedParams`. */
const parts = { displayEnd: 0, uri: 0, uriEnd: 0, params: 0 };

/** Checks what `scanNameAddr` parses. */
export function scanNameAddrParts(codes: Uint8Array, start: number, end: number): SipError | undefined {
  let open = start;
  parts.displayEnd = start;
  if (codes[start] === 0x22) {
    const displayEnd = skipQuotedCodes(codes, start, end);
    if (displayEnd < 0) return malformed('the quoted display name is not closed', start);
    open = skipBlankCodes(codes, displayEnd);
    if (codes[open] !== 0x3c) return malformed('no "<" follows the quoted display name', open);
    parts.displayEnd = displayEnd;
  } else {
    // `*( token LWS )`; bytes above 127 are let through, because phones send names in UTF-8 without quotes.
    while (isDisplayChar(codes[open] as number)) open++;
    if (codes[open] !== 0x3c) return scanAddrSpec(codes, start, end);
    let displayEnd = open;
    while (displayEnd > start && isBlank(codes[displayEnd - 1] as number)) displayEnd--;
    parts.displayEnd = displayEnd;
  }
  let close = open;
  while (close < end && codes[close] !== 0x3e) close++;
  if (close === end) return malformed('"<" without ">"', open);
  parts.uri = open + 1;
  parts.uriEnd = close;
  parts.params = skipBlankCodes(codes, close + 1);
  return scanHeaderParamCodes(codes, close + 1, end);
}

function isDisplayChar(c: number): boolean {
  return isIn(c, TOKEN) || isBlank(c) || c > 0x7f;
}

/**
 * A bare URI: what follows ";" are parameters of the header, and a URI with "," or "?" would have to be enclosed
 * in angle brackets (RFC 3261 §20, §20.10).
 */
function scanAddrSpec(codes: Uint8Array, start: number, end: number): SipError | undefined {
  let at = start;
  let hasColon = false;
  for (; at < end; at++) {
    const c = codes[at] as number; // at is inside
    if (c === 0x3b || isBlank(c)) break;
    if (c === 0x3a) hasColon = true;
    else if (c === 0x22 || c === 0x3c || c === 0x3e) return malformed('a quote or bracket inside of a URI', at);
    else if (c === 0x3f || c === 0x2c) {
      return malformed('a URI with "?" or "," needs angle brackets around it', at);
    }
  }
  if (!hasColon) return malformed(at === start ? 'the URI is missing' : 'there is no URI', start);
  parts.uri = start;
  parts.uriEnd = at;
  parts.params = skipBlankCodes(codes, at);
  return scanHeaderParamCodes(codes, at, end);
}

function malformed(message: string, offset: number): SipError {
  return new SipError('SIP_BAD_NAME_ADDR', message, offset);
}
