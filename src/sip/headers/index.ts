import { splitList } from '../header-list.ts';
import { displayHeaderName } from '../header-name.ts';
import { parseContentLength } from '../message-length.ts';
import { isSipError, type SipError } from '../sip-error.ts';
import { formatAddress, formatRoutes, parseAddress, parseRoutes } from './address.ts';
import {
  formatAuthentication,
  formatAuthenticationInfo,
  parseAuthentication,
  parseAuthenticationInfo,
} from './authentication.ts';
import { parseCallId, parseInReplyTo } from './call-id.ts';
import { type Contact, parseContacts } from './contact.ts';
import { type CSeq, parseCSeq } from './cseq.ts';
import { formatDate, parseDate } from './date.ts';
import { parseDeltaSeconds } from './expires.ts';
import { formatAcceptLanguage, parseAcceptLanguage, parseContentLanguage } from './language.ts';
import { parseMaxForwards } from './max-forwards.ts';
import { formatAccept, formatContentType, parseAccept, parseContentType } from './media-type.ts';
import { formatMimeVersion, parseMimeVersion } from './mime-version.ts';
import { formatProducts, parseProducts } from './product.ts';
import { malformed } from './read-value.ts';
import { formatRetryAfter, parseRetryAfter } from './retry-after.ts';
import { parseText } from './text.ts';
import { formatTimestamp, parseTimestamp } from './timestamp.ts';
import {
  formatAcceptEncoding,
  formatContentDisposition,
  parseAcceptEncoding,
  parseContentDisposition,
} from './token-params.ts';
import { formatTokens, parseOptionalTokens, parseToken, parseTokens } from './tokens.ts';
import { formatUriInfos, parseUriInfos } from './uri-info.ts';
import { formatVias, parseVias } from './via-list.ts';
import { formatWarnings, parseWarnings } from './warning.ts';

/** How one header's value becomes a typed value, and text again. */
interface HeaderGrammar<T> {
  /** @param header the header's name as people write it, for errors */
  readonly parse: (value: string, header: string) => T | SipError;
  readonly format: (value: T) => string;
}

/**
 * Every header of which we know the grammar, by canonical name: RFC 3261 §20, Path (RFC 3327) and Service-Route (RFC 3608).
 * A value is that of one header line, unfolded; where the header is a list, the list of that line.
 */
const grammars = {
  accept: grammar(parseAccept, formatAccept),
  'accept-encoding': grammar(parseAcceptEncoding, formatAcceptEncoding),
  'accept-language': grammar(parseAcceptLanguage, formatAcceptLanguage),
  'alert-info': grammar(parseUriInfos, formatUriInfos),
  allow: grammar(parseOptionalTokens, formatTokens),
  'authentication-info': grammar(parseAuthenticationInfo, formatAuthenticationInfo),
  authorization: grammar(parseAuthentication, formatAuthentication),
  'call-id': grammar(parseCallId, verbatim),
  'call-info': grammar(parseUriInfos, formatUriInfos),
  contact: grammar(parseContactLine, formatContactLine),
  'content-disposition': grammar(parseContentDisposition, formatContentDisposition),
  'content-encoding': grammar(parseTokens, formatTokens),
  'content-language': grammar(parseContentLanguage, formatTokens),
  'content-length': grammar(parseContentLength, formatNumber),
  'content-type': grammar(parseContentType, formatContentType),
  cseq: grammar(parseCSeq, formatCSeq),
  date: grammar(parseDate, formatDate),
  'error-info': grammar(parseUriInfos, formatUriInfos),
  expires: grammar(parseLifetime, formatNumber),
  from: grammar(parseAddress, formatAddress),
  'in-reply-to': grammar(parseInReplyTo, formatTokens),
  'max-forwards': grammar(parseMaxForwards, formatNumber),
  'mime-version': grammar(parseMimeVersion, formatMimeVersion),
  'min-expires': grammar(parseLifetime, formatNumber),
  organization: grammar(parseText, verbatim),
  path: grammar(parseRoutes, formatRoutes),
  priority: grammar(parseToken, verbatim),
  'proxy-authenticate': grammar(parseAuthentication, formatAuthentication),
  'proxy-authorization': grammar(parseAuthentication, formatAuthentication),
  'proxy-require': grammar(parseTokens, formatTokens),
  'record-route': grammar(parseRoutes, formatRoutes),
  'reply-to': grammar(parseAddress, formatAddress),
  require: grammar(parseTokens, formatTokens),
  'retry-after': grammar(parseRetryAfter, formatRetryAfter),
  route: grammar(parseRoutes, formatRoutes),
  server: grammar(parseProducts, formatProducts),
  'service-route': grammar(parseRoutes, formatRoutes),
  subject: grammar(parseText, verbatim),
  supported: grammar(parseOptionalTokens, formatTokens),
  timestamp: grammar(parseTimestamp, formatTimestamp),
  to: grammar(parseAddress, formatAddress),
  unsupported: grammar(parseTokens, formatTokens),
  'user-agent': grammar(parseProducts, formatProducts),
  via: grammar(parseVias, formatVias),
  warning: grammar(parseWarnings, formatWarnings),
  'www-authenticate': grammar(parseAuthentication, formatAuthentication),
} as const;

type Grammars = typeof grammars;

/** The canonical name of a header whose grammar we know. */
export type KnownHeader = keyof Grammars;

/** What a header's value is when it is parsed. */
export type HeaderValue<Name extends KnownHeader> = Exclude<ReturnType<Grammars[Name]['parse']>, SipError>;

/** The canonical names of all headers whose grammar we know. */
export const knownHeaders: readonly KnownHeader[] = Object.keys(grammars) as KnownHeader[];

/** Whether we know the grammar of a header. */
export function isKnownHeader(name: string): name is KnownHeader {
  return Object.hasOwn(grammars, name);
}

/**
 * Parses the value of one header line.
 *
 * @param name canonical: lower case, long form
 * @param value unfolded, without blanks around it
 */
export function parseHeader<Name extends KnownHeader>(name: Name, value: string): HeaderValue<Name> | SipError {
  // The cast: the table's entry for a name has that name's value, which an index over a union cannot say.
  const { parse } = grammars[name] as unknown as HeaderGrammar<HeaderValue<Name>>;
  return parse(value, displayHeaderName(name));
}

/** The text of a header's value. What it writes, `parseHeader` reads as the same value again. */
export function formatHeader<Name extends KnownHeader>(name: Name, value: HeaderValue<Name>): string {
  const { format } = grammars[name] as unknown as HeaderGrammar<HeaderValue<Name>>;
  return format(value);
}

function grammar<T>(parse: HeaderGrammar<T>['parse'], format: HeaderGrammar<T>['format']): HeaderGrammar<T> {
  return { parse, format };
}

function verbatim(text: string): string {
  return text;
}

function formatNumber(value: number): string {
  return String(value);
}

function formatCSeq({ number, method }: CSeq): string {
  return `${number} ${method}`;
}

/** Expires and Min-Expires (RFC 3261 §20.19, §20.23), in seconds. */
function parseLifetime(value: string, header: string): number | SipError {
  return parseDeltaSeconds(value) ?? malformed(header, 0);
}

function parseContactLine(value: string): readonly Contact[] | '*' | SipError {
  const values: string[] = [];
  splitList(value, values);
  const contacts = parseContacts(values);
  if (contacts === '*' || isSipError(contacts)) return contacts;
  for (const { uri, q } of contacts) {
    if (isSipError(uri)) return uri;
    if (isSipError(q)) return q;
  }
  return contacts;
}

function formatContactLine(contacts: readonly Contact[] | '*'): string {
  return contacts === '*' ? '*' : contacts.map((contact) => contact.text).join(', ');
}
