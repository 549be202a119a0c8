/** What the transport layer counts since its start. Plain numbers, so that counting costs nothing. */
export class TransportStats {
  /** Messages delivered to the handler. */
  datagramsReceived: number;
  streamMessagesReceived: number;
  bytesReceived: number;
  /** Messages that the system or a queue took. */
  datagramsSent: number;
  streamMessagesSent: number;
  bytesSent: number;
  /** Keep-alives of RFC 5626 §3.5.1 and empty datagrams; the pings of streams are answered. */
  datagramKeepalives: number;
  streamPings: number;
  streamPongs: number;
  oversizeDatagrams: number;
  badStreams: number;
  /** Messages left out because a send queue was full. */
  sendOverflows: number;
  /** Messages for a flow that was gone, or for an address that nothing can be sent to. */
  sendsToClosed: number;
  /** Errors of a send that were learnt later. */
  sendErrors: number;
  socketErrors: number;
  connectionsAccepted: number;
  connectionsOpened: number;
  connectFailures: number;
  /** Connections refused because the table, or the share of their source, was full. */
  refusedTotal: number;
  refusedPerSource: number;
  closedIdle: number;
  closedSilent: number;
  closedPartial: number;
  closedStalled: number;
  /** Replies that had to open a connection of their own, RFC 3261 §18.2.2. */
  repliesOnNewConnection: number;
  /** Replies that found no way at all. */
  repliesLost: number;

  constructor() {
    this.datagramsReceived = 0;
    this.streamMessagesReceived = 0;
    this.bytesReceived = 0;
    this.datagramsSent = 0;
    this.streamMessagesSent = 0;
    this.bytesSent = 0;
    this.datagramKeepalives = 0;
    this.streamPings = 0;
    this.streamPongs = 0;
    this.oversizeDatagrams = 0;
    this.badStreams = 0;
    this.sendOverflows = 0;
    this.sendsToClosed = 0;
    this.sendErrors = 0;
    this.socketErrors = 0;
    this.connectionsAccepted = 0;
    this.connectionsOpened = 0;
    this.connectFailures = 0;
    this.refusedTotal = 0;
    this.refusedPerSource = 0;
    this.closedIdle = 0;
    this.closedSilent = 0;
    this.closedPartial = 0;
    this.closedStalled = 0;
    this.repliesOnNewConnection = 0;
    this.repliesLost = 0;
  }
}
