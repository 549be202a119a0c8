/**
 * Whether `host` is an IPv4 literal of RFC 1918 §3: 10/8, 172.16/12 or 192.168/16. Host names and IPv6 literals
 * never are.
 *
 * @param host as written in a URI, a Via or an SDP line
 */
export function isPrivateAddress(host: string): boolean {
  const address = ipv4Number(host);
  if (address === undefined) return false;
  return (
    address >>> 24 === 10 || // 10.0.0.0/8
    address >>> 20 === 0xac1 || // 172.16.0.0/12
    address >>> 16 === 0xc0a8 // 192.168.0.0/16
  );
}

/** The 32 bits of a dotted quad, or undefined when `host` is none (RFC 3986 §3.2.2 IPv4address). */
function ipv4Number(host: string): number | undefined {
  let bits = 0;
  let octet = -1;
  let octets = 0;
  for (let at = 0; at <= host.length; at += 1) {
    const char = at < host.length ? host.charCodeAt(at) : DOT;
    if (char === DOT) {
      if (octet < 0) return undefined;
      bits = (bits << 8) | octet;
      octets += 1;
      octet = -1;
    } else if (char >= ZERO && char <= NINE) {
      octet = octet < 0 ? char - ZERO : octet * 10 + char - ZERO;
      if (octet > 255) return undefined;
    } else {
      return undefined;
    }
  }
  return octets === 4 ? bits >>> 0 : undefined;
}

const DOT = 0x2e;
const ZERO = 0x30;
const NINE = 0x39;
