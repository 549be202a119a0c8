import { stripBrackets } from '../sip/uri.ts';
import { defaultPort, type TransportName, transportNamed, transportNames } from './flow.ts';
import { canonicalAddress, isWildcard, withBrackets } from './ip-address.ts';

/** What `--listen` asks for: a transport, an address and port of this machine, and what to tell others instead. */
export interface ListenAddress {
  readonly transport: TransportName;
  /** An IP address, without brackets. */
  readonly address: string;
  /** 0 lets the system pick a free one. */
  readonly port: number;
  /** Written in Via, Record-Route and Sock-Info instead of the address; an IPv6 address is in brackets. */
  readonly advertisedHost: string | undefined;
  /** Written there instead of the port; undefined stands for the bound port. */
  readonly advertisedPort: number | undefined;
}

const example = 'write udp:127.0.0.1:5060, tcp:[::1]:5060 or udp:0.0.0.0:5060;advertise=sip.example.org:5060';

/**
 * Reads `transport:address[:port][;advertise=host[:port]]`. The address is an IP address of this machine, `*` for
 * every IPv4 one; IPv6 stands in brackets. Without a port: the default one of the transport; 0 picks a free one.
 *
 * @returns the address, or a sentence that says what is wrong and what to write instead
 */
export function parseListenAddress(text: string): ListenAddress | string {
  const semicolon = text.indexOf(';');
  const place = semicolon < 0 ? text : text.slice(0, semicolon);
  const colon = place.indexOf(':');
  const transport = transportNamed(place.slice(0, Math.max(colon, 0)));
  if (!transport) {
    return `listen address "${text}" does not begin with a transport (${transportNames.join(', ')}): ${example}`;
  }
  const bound = parseHostPort(place.slice(colon + 1));
  if (typeof bound === 'string') return `listen address "${text}": ${bound}: ${example}`;
  const address = bound.host === '*' ? '0.0.0.0' : canonicalAddress(bound.host);
  if (!address) {
    return `listen address "${text}": "${bound.host}" is not an IP address of this machine; give the address, and the name by ;advertise=${bound.host}`;
  }
  let advertisedHost: string | undefined;
  let advertisedPort: number | undefined;
  for (const option of semicolon < 0 ? [] : text.slice(semicolon + 1).split(';')) {
    const equals = option.indexOf('=');
    if (equals < 0 || option.slice(0, equals).trim().toLowerCase() !== 'advertise') {
      return `listen address "${text}": unknown option "${option}", only ;advertise=host[:port] is known`;
    }
    const advertised = parseHostPort(option.slice(equals + 1).trim());
    if (typeof advertised === 'string') return `listen address "${text}": advertise: ${advertised}: ${example}`;
    if (advertised.port === 0) return `listen address "${text}": advertise: port 0 reaches nobody: ${example}`;
    const literal = canonicalAddress(advertised.host);
    if (literal ? isWildcard(literal) : !isHostName(advertised.host)) {
      return `listen address "${text}": advertise: "${advertised.host}" is neither a host name nor an address that others can reach: ${example}`;
    }
    advertisedHost = literal ? withBrackets(literal) : advertised.host.toLowerCase();
    advertisedPort = advertised.port;
  }
  return { transport, address, port: bound.port ?? defaultPort(transport), advertisedHost, advertisedPort };
}

function parseHostPort(text: string): { readonly host: string; readonly port: number | undefined } | string {
  const bracket = text.indexOf(']');
  if (text.startsWith('[') !== bracket >= 0) return 'the brackets do not match';
  const colon = text.indexOf(':', bracket + 1);
  if (bracket < 0 && colon >= 0 && text.indexOf(':', colon + 1) >= 0) return 'an IPv6 address stands in brackets';
  const host = colon < 0 ? text : text.slice(0, colon);
  if (stripBrackets(host) === '') return 'the address is missing';
  if (bracket >= 0 && host.length !== bracket + 1) return `"${host}" has text after the bracket`;
  if (colon < 0) return { host, port: undefined };
  const digits = text.slice(colon + 1);
  const port = Number(digits);
  if (!/^\d{1,5}$/.test(digits) || port > 65_535) return `"${digits}" is not a port (0 to 65535)`;
  return { host, port };
}

/** RFC 3261 §25.1 hostname, loosely: labels of letters, digits, hyphens and underscores, at most 255 bytes. */
function isHostName(text: string): boolean {
  return (
    text.length <= 255 && /^[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?(?:\.[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?)*\.?$/i.test(text)
  );
}
