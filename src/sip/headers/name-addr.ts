import { isBlank, isIn, TOKEN } from '../char-class.ts';
import { type Params, scanHeaderParams } from '../params.ts';
import { parseUri, scanSipUri, type Uri } from '../parse-uri.ts';
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
  #uri: Uri | SipError | undefined;

  /** @param uri the URI, when it is known already */
  constructor(text: string, rawDisplayName: string, uriText: string, params: Params, uri?: Uri) {
    this.text = text;
    this.rawDisplayName = rawDisplayName;
    this.uriText = uriText;
    this.params = params;
    this.#uri = uri;
  }

  /** The display name without quotes and quoted pairs, as wire text; undefined when there is none. */
  get displayName(): string | undefined {
    return this.rawDisplayName === '' ? undefined : unquote(this.rawDisplayName);
  }

  get uri(): Uri | SipError {
    this.#uri ??= parseUri(this.uriText);
    return this.#uri;
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
  uri?: Uri,
) => T;

/** Parses the value into an instance of `kind`. */
export function buildNameAddr<T extends NameAddr>(text: string, kind: Kind<T>): T | SipError {
  return scanNameAddr(text, codesOf(text), 0, text.length, kind, false);
}

/**
 * As `buildNameAddr`, for a value that stands from `start` to `end` in a text whose codes are at hand: see
 * `text-codes.ts`.
 * @param wantsUri whether a SIP URI in angle brackets is parsed at once
 */
export function scanNameAddr<T extends NameAddr>(
  text: string,
  codes: Uint8Array,
  start: number,
  end: number,
  kind: Kind<T>,
  wantsUri: boolean,
): T | SipError {
  let open = start;
  let displayEnd = start;
  if (codes[start] === 0x22) {
    displayEnd = skipQuotedCodes(codes, start, end);
    if (displayEnd < 0) return malformed('the quoted display name is not closed', start);
    open = skipBlankCodes(codes, displayEnd);
    if (codes[open] !== 0x3c) return malformed('no "<" follows the quoted display name', open);
  } else {
    // `*( token LWS )`; bytes above 127 are let through, because phones send names in UTF-8 without quotes.
    while (isDisplayChar(codes[open] as number)) open++;
    if (codes[open] !== 0x3c) return scanAddrSpec(text, codes, start, end, kind);
    displayEnd = open;
    while (displayEnd > start && isBlank(codes[displayEnd - 1] as number)) displayEnd--;
  }
  let close = open;
  while (close < end && codes[close] !== 0x3e) close++;
  if (close === end) return malformed('"<" without ">"', open);
  const params = scanHeaderParams(text, codes, close + 1, end);
  if (params instanceof SipError) return params;
  const uri = wantsUri ? scanSipUri(text, codes, open + 1, close) : undefined;
  const known = uri instanceof SipError ? undefined : uri;
  return new kind(text.slice(start, end), text.slice(start, displayEnd), text.slice(open + 1, close), params, known);
}

function isDisplayChar(c: number): boolean {
  return isIn(c, TOKEN) || isBlank(c) || c > 0x7f;
}

/**
 * A bare URI: what follows ";" are parameters of the header, and a URI with "," or "?" would have to be enclosed
 * in angle brackets (RFC 3261 §20, §20.10).
 */
function scanAddrSpec<T extends NameAddr>(
  text: string,
  codes: Uint8Array,
  start: number,
  end: number,
  kind: Kind<T>,
): T | SipError {
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
  const params = scanHeaderParams(text, codes, at, end);
  if (params instanceof SipError) return params;
  return new kind(text.slice(start, end), '', text.slice(start, at), params);
}

function malformed(message: string, offset: number): SipError {
  return new SipError('SIP_BAD_NAME_ADDR', message, offset);
}
