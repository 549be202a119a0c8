/** RFC 3261 §18.1.1: the longest request that may go by UDP when the path MTU is unknown, in bytes. */
const maxUnknownMtuRequestBytes = 1300;

/** RFC 3261 §18.1.1: how much shorter than the path MTU a request must be, so that its response fits too, in bytes. */
const mtuHeadroomBytes = 200;

/**
 * Whether a request must go by a congestion controlled transport such as TCP (RFC 3261 §18.1.1): it is within 200
 * bytes of the path MTU, or larger than 1300 bytes when that is unknown. The proxy chooses, since it can fall back
 * to UDP when the next hop takes no connection.
 *
 * @param byteLength the request as it would be sent, in bytes
 * @param pathMtuBytes the path MTU, when it is known
 */
export function needsCongestionControl(byteLength: number, pathMtuBytes?: number): boolean {
  return pathMtuBytes === undefined
    ? byteLength > maxUnknownMtuRequestBytes
    : byteLength > pathMtuBytes - mtuHeadroomBytes;
}
