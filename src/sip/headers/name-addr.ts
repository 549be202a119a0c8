import { codeAt, isBlank, isIn, skipBlanks, TOKEN } from '../char-class.ts';
import { type Params, parseHeaderParams } from '../params.ts';
import { parseUri, type Uri } from '../parse-uri.ts';
import { skipQuoted, unquote } from '../quoted-string.ts';
import { SipError } from '../sip-error.ts';

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

  constructor(text: string, rawDisplayName: string, uriText: string, params: Params) {
    this.text = text;
    this.rawDisplayName = rawDisplayName;
    this.uriText = uriText;
    this.params = params;
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

/** Parses the value into an instance of `Kind`; for `Contact`, which has the same grammar. */
export function buildNameAddr<T extends NameAddr>(
  text: string,
  Kind: new (text: string, rawDisplayName: string, uriText: string, params: Params) => T,
): T | SipError {
  let open = 0;
  let displayEnd = 0;
  if (codeAt(text, 0) === 0x22) {
    displayEnd = skipQuoted(text, 0);
    if (displayEnd < 0) return malformed('the quoted display name is not closed', 0);
    open = skipBlanks(text, displayEnd);
    if (codeAt(text, open) !== 0x3c) return malformed('no "<" follows the quoted display name', open);
  } else {
    // `*( token LWS )`; bytes above 127 are let through, because phones send names in UTF-8 without quotes.
    while (isDisplayChar(codeAt(text, open))) open++;
    if (codeAt(text, open) !== 0x3c) return buildAddrSpec(text, Kind);
    displayEnd = open;
    while (displayEnd > 0 && isBlank(codeAt(text, displayEnd - 1))) displayEnd--;
  }
  const close = text.indexOf('>', open);
  if (close < 0) return malformed('"<" without ">"', open);
  const params = parseHeaderParams(text, close + 1);
  if (params instanceof SipError) return params;
  return new Kind(text, text.slice(0, displayEnd), text.slice(open + 1, close), params);
}

function isDisplayChar(c: number): boolean {
  return isIn(c, TOKEN) || isBlank(c) || c > 0x7f;
}

/**
 * A bare URI: what follows ";" are parameters of the header, and a URI with "," or "?" would have to be enclosed
 * in angle brackets (RFC 3261 §20, §20.10).
 */
function buildAddrSpec<T extends NameAddr>(
  text: string,
  Kind: new (text: string, rawDisplayName: string, uriText: string, params: Params) => T,
): T | SipError {
  let end = 0;
  let hasColon = false;
  for (; end < text.length; end++) {
    const c = codeAt(text, end);
    if (c === 0x3b || isBlank(c)) break;
    if (c === 0x3a) hasColon = true;
    else if (c === 0x22 || c === 0x3c || c === 0x3e) return malformed('a quote or bracket inside of a URI', end);
    else if (c === 0x3f || c === 0x2c) {
      return malformed('a URI with "?" or "," needs angle brackets around it', end);
    }
  }
  if (!hasColon) return malformed(end === 0 ? 'the URI is missing' : 'there is no URI', 0);
  const params = parseHeaderParams(text, end);
  if (params instanceof SipError) return params;
  return new Kind(text, '', text.slice(0, end), params);
}

function malformed(message: string, offset: number): SipError {
  return new SipError('SIP_BAD_NAME_ADDR', message, offset);
}
