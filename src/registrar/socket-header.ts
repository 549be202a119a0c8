import type { SipRequest } from '../sip/message.ts';
import { hostIsIpLiteral, stripBrackets } from '../sip/uri.ts';
import type { RegistrarOptions } from './options.ts';

/** A local socket as `add_sock_hdr` and the location table name it. */
export interface SocketDescription {
  /** In lower case; undefined when not named: then any transport of that address and port. */
  readonly transport: string | undefined;
  /** An IP literal or a host name, without brackets. */
  readonly host: string;
  readonly port: number;
}

/** RFC 3261 §19.1.2. */
const defaultPort = 5060;

const transports: ReadonlySet<string> = new Set(['udp', 'tcp', 'tls', 'ws', 'wss', 'sctp']);

/**
 * Reads the value of a socket header (decision 3): `ip:port`, `proto:ip:port`, the old `ip_port`, each with an IPv6
 * address in brackets, the old form also without; a missing or bad port is 5060, as it was.
 *
 * @returns undefined when no host can be seen
 */
export function parseSocketDescription(value: string): SocketDescription | undefined {
  let rest = value.trim();
  let transport: string | undefined;
  const colon = rest.indexOf(':');
  if (colon > 0 && transports.has(rest.slice(0, colon).toLowerCase())) {
    transport = rest.slice(0, colon).toLowerCase();
    rest = rest.slice(colon + 1);
  }
  // A bare IPv6 address has colons of its own and no port.
  if (hostIsIpLiteral(rest)) return { transport, host: stripBrackets(rest), port: defaultPort };
  const separator = Math.max(rest.lastIndexOf('_'), rest.endsWith(']') ? -1 : rest.lastIndexOf(':'));
  const host = stripBrackets(separator === -1 ? rest : rest.slice(0, separator));
  if (host === '' || host.includes(' ')) return undefined;
  return { transport, host, port: separator === -1 ? defaultPort : portOf(rest.slice(separator + 1)) };
}

/**
 * The value that `add_sock_hdr` writes: `ip:port`, or `proto:ip:port` with `sock_hdr_proto` (decision 3); IPv6 in
 * brackets.
 */
export function formatSocketDescription(socket: SocketDescription, withTransport: boolean): string {
  const host = socket.host.includes(':') ? `[${stripBrackets(socket.host)}]` : socket.host;
  const address = `${host}:${socket.port}`;
  return withTransport && socket.transport !== undefined ? `${socket.transport}:${address}` : address;
}

/** The socket to store with the bindings of a REGISTER, and what to warn of. */
export interface StoredSocket {
  readonly socket: string;
  readonly problem: string | undefined;
}

/**
 * The socket that a REGISTER names in the header `sock_hdr_name`, for when `sock_flag` is set; the receiving one when the
 * header is absent or names none of ours (decision 3).
 *
 * @param receiving the socket the request came in on
 * @param find names the listener of a description, as the location stores it; undefined when there is none
 */
export function socketToStore(
  request: SipRequest,
  options: RegistrarOptions,
  receiving: string,
  find: (description: SocketDescription) => string | undefined,
): StoredSocket {
  const value = options.sockHdrName === '' ? undefined : request.header(options.sockHdrName);
  if (value === undefined || value === '') return { socket: receiving, problem: undefined };
  const description = parseSocketDescription(value);
  const socket = description === undefined ? undefined : find(description);
  if (socket !== undefined) return { socket, problem: undefined };
  return { socket: receiving, problem: `${options.sockHdrName} names no socket of this server` };
}

function portOf(text: string): number {
  if (text === '' || text.length > 5) return defaultPort;
  let port = 0;
  for (let i = 0; i < text.length; i++) {
    const digit = text.charCodeAt(i) - 0x30;
    if (digit < 0 || digit > 9) return defaultPort;
    port = port * 10 + digit;
  }
  return port > 0 && port <= 65_535 ? port : defaultPort;
}
