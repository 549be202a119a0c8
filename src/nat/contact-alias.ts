import type { SipMessage } from '../sip/message.ts';
import { isSipError } from '../sip/sip-error.ts';
import { isSipUri, type SipUri } from '../sip/uri.ts';
import { defaultPort, type TransportName, transportNamed } from '../transport/flow.ts';
import { canonicalAddress, withBrackets } from '../transport/ip-address.ts';
import { withUri } from './contact-uri.ts';
import { sameAddress } from './same-address.ts';
import { type Source, sourceHostPort } from './source.ts';

// The URI parameter `alias=address~port~number` of Kamailio's nathelper: where a contact is reached, beside what its
// phone believes. Who gets the URI back as a Request-URI takes the parameter off and sends the request there.

/** How the parameter numbers transports; 4 is SCTP. */
const numbers: Readonly<Record<TransportName, number>> = { udp: 1, tcp: 2, tls: 3, ws: 5, wss: 6 };

/** Where `alias` is to say that a contact is reached. */
export interface Alias {
  readonly host: string;
  readonly port: number;
  readonly transport: TransportName;
}

/** `added`, `same`: the contact names its true address; `none`: there is no contact to mark. */
export type AliasOutcome = 'added' | 'same' | 'none';

/**
 * Marks the first contact of a message with where it came from.
 *
 * @param message changed in place when the outcome is `added`
 * @param alias another place to write; it is written in any case then
 */
export function addContactAlias(message: SipMessage, source: Source, alias?: Alias): AliasOutcome {
  const { contacts } = message;
  if (contacts === '*' || isSipError(contacts)) return 'none';
  const [first, ...others] = contacts;
  const uri = first?.uri;
  if (first === undefined || uri === undefined || isSipError(uri) || !isSipUri(uri)) return 'none';
  if (alias === undefined && isSource(uri, source)) return 'same';
  const place = alias
    ? `${withBrackets(alias.host)}~${alias.port}~${numbers[alias.transport]}`
    : `${sourceHostPort(source).replace(/:(\d+)$/, '~$1')}~${numbers[source.transport]}`;
  const marked = withUri(first, withAlias(uri, place));
  message.set('contact', [marked, ...others.map(({ text }) => text)].join(', '));
  return 'added';
}

/** Whether the alias of a message's first contact would change anything. */
export function needsContactAlias(message: SipMessage, source: Source): AliasOutcome {
  const { contacts } = message;
  const uri = contacts === '*' || isSipError(contacts) ? undefined : contacts[0]?.uri;
  if (uri === undefined || isSipError(uri) || !isSipUri(uri)) return 'none';
  return isSource(uri, source) ? 'same' : 'added';
}

/** A URI without its alias, and the URI of the place that the alias names. */
export interface TakenAlias {
  readonly uri: string;
  readonly destination: string;
}

/** Takes the alias off a URI. @returns `none` when it has none, `malformed` when it names no place */
export function takeAlias(uri: SipUri): TakenAlias | 'none' | 'malformed' {
  const alias = uri.params.get('alias');
  if (alias === undefined) return 'none';
  const [host = '', port = '', number = ''] = alias.split('~');
  const address = canonicalAddress(host);
  const transport = Object.entries(numbers).find(([, known]) => String(known) === number)?.[0];
  if (address === undefined || transport === undefined || !/^\d{1,5}$/.test(port)) return 'malformed';
  const portNumber = Number(port);
  if (portNumber < 1 || portNumber > 65_535) return 'malformed';
  const parameter = transport === 'udp' ? '' : `;transport=${transport}`;
  return { uri: withoutAlias(uri), destination: `sip:${withBrackets(address)}:${portNumber}${parameter}` };
}

/** Whether a request to the URI would go to the source anyway: the same transport, address and port. */
function isSource(uri: SipUri, source: Source): boolean {
  const transport = transportOf(uri);
  const port = uri.port ?? defaultPort(transport);
  return transport === source.transport && port === source.remotePort && sameAddress(uri.host, source.remoteAddress);
}

/** The transport that a URI names, else the usual one of its scheme (RFC 3261 §19.1.1). */
function transportOf({ scheme, params }: SipUri): TransportName {
  return transportNamed(params.get('transport') ?? '') ?? (scheme === 'sips' ? 'tls' : 'udp');
}

function withAlias(uri: SipUri, place: string): string {
  const bare = withoutAlias(uri);
  const headers = uri.headers === '' ? '' : `?${uri.headers}`;
  return `${bare.slice(0, bare.length - headers.length)};alias=${place}${headers}`;
}

function withoutAlias({ text, params, headers }: SipUri): string {
  if (!params.has('alias')) return text;
  const tail = headers === '' ? '' : `?${headers}`;
  let kept = text.slice(0, text.length - tail.length - params.toString().length);
  for (const { name, value } of params.entries()) {
    if (name.toLowerCase() !== 'alias') kept += value === undefined ? `;${name}` : `;${name}=${value}`;
  }
  return `${kept}${tail}`;
}
