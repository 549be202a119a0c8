/** Everything in the transport layer that would otherwise grow or wait without a bound. */
export interface TransportLimits {
  /** Longest datagram that is delivered, in bytes. */
  readonly maxDatagramBytes: number;
  /** Receive buffer asked of the system for each UDP socket, in bytes. */
  readonly receiveBufferBytes: number;
  /** Bytes that may wait to be sent on one UDP socket. */
  readonly maxDatagramQueueBytes: number;
  /** Connections of all listeners together, those being opened included. */
  readonly maxConnections: number;
  /** Connections opened by one IPv4 address or one IPv6 /64. */
  readonly maxConnectionsPerSource: number;
  /** Bytes that may wait to be sent on one connection. */
  readonly maxConnectionQueueBytes: number;
  /** Bytes that may wait to be sent on all connections together. */
  readonly maxTotalQueueBytes: number;
  /** Time to open a connection, in milliseconds. */
  readonly connectMs: number;
  /** Time that a connection may carry nothing complete, in milliseconds. */
  readonly idleMs: number;
  /** Time from a peer's connect to its first complete message or keep-alive, in milliseconds. */
  readonly firstMessageMs: number;
  /** Time from the first byte of a message to its last, in milliseconds. */
  readonly partialMessageMs: number;
  /** Time that a peer may read nothing while bytes wait for it, in milliseconds. */
  readonly stalledSendMs: number;
  /** Time that replies may still be sent to a peer that has ended its side, in milliseconds. */
  readonly halfOpenMs: number;
  /** Time between two looks at these deadlines, in milliseconds. */
  readonly sweepMs: number;
  /** Time that `stop` lets queued bytes go out, in milliseconds. */
  readonly stopMs: number;
}

export const defaultTransportLimits: TransportLimits = {
  // What fits a UDP datagram at all; the parser's own limits, smaller, answer what is legal but unreasonable.
  maxDatagramBytes: 65_535,
  // At 50,000 REGISTERs a second of 600 bytes: 140 ms of traffic, longer than a full garbage collection. It is also
  // what common systems grant at most (net.core.rmem_max).
  receiveBufferBytes: 4 * 1024 * 1024,
  // Datagrams wait only while the system's own send buffer is full; what waits longer than this is retransmitted anyway.
  maxDatagramQueueBytes: 4 * 1024 * 1024,
  // Half of the file descriptors that common systems grant, so that the rest of the program always finds one.
  maxConnections: 10_000,
  // An office behind one address has hundreds of phones; a flooder gets a tenth of the table.
  maxConnectionsPerSource: 1_000,
  // Several hundred messages: a burst to one proxy passes, a peer that reads nothing costs no more.
  maxConnectionQueueBytes: 512 * 1024,
  // All peers that read nothing together; 10,000 of them at their own limit would hold 5 GB.
  maxTotalQueueBytes: 256 * 1024 * 1024,
  // Well below timer B and F (32 s), so that the next hop of the failover list still gets its chance.
  connectMs: 5_000,
  // Longer than the usual registration (3600 s): a phone without keep-alives is reachable between two refreshes.
  idleMs: 3_900_000,
  // Who connects speaks at once. Timer F: whatever a slow link had to repeat has been repeated by then.
  firstMessageMs: 32_000,
  // The same for the rest of a message; a peer that sends a byte a second is not a slow phone.
  partialMessageMs: 32_000,
  // Timer F again: what could not be delivered for so long, its sender has given up.
  stalledSendMs: 32_000,
  // A store has answered by then. Scripts send a request, end their side, and read the reply.
  halfOpenMs: 5_000,
  // Deadlines are tens of seconds; a look at 10,000 connections costs under a millisecond.
  sweepMs: 1_000,
  // The last replies of a drain reach peers that read; others do not hold the exit up.
  stopMs: 1_000,
};
