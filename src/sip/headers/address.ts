import { splitList } from '../header-list.ts';
import { isSipError, type SipError } from '../sip-error.ts';
import { type NameAddr, parseNameAddr } from './name-addr.ts';
import { malformed } from './read-value.ts';

/** Reads From, To or Reply-To (RFC 3261 §20.20, §20.39, §20.31) with the URI, which `parseNameAddr` leaves for later. */
export function parseAddress(value: string): NameAddr | SipError {
  const address = parseNameAddr(value);
  if (isSipError(address)) return address;
  return isSipError(address.uri) ? address.uri : address;
}

/**
 * Reads Route, Record-Route, Path or Service-Route (RFC 3261 §20.34, §20.30, RFC 3327 §4, RFC 3608 §5): a list of addresses
 * in angle brackets.
 */
export function parseRoutes(value: string, header: string): readonly NameAddr[] | SipError {
  const values: string[] = [];
  splitList(value, values);
  const routes: NameAddr[] = [];
  for (const text of values) {
    const route = parseAddress(text);
    if (isSipError(route)) return route;
    if (!text.includes(`<${route.uriText}>`)) return malformed(header, 0);
    routes.push(route);
  }
  return routes;
}

/** The value of a From, To or Reply-To header field. */
export function formatAddress(address: NameAddr): string {
  return address.text;
}

/** The value of a Route, Record-Route, Path or Service-Route header field. */
export function formatRoutes(routes: readonly NameAddr[]): string {
  return routes.map(formatAddress).join(', ');
}
