/** Counters of the transaction layer; each only grows. */
export class TransactionStats {
  /** Server transactions created. */
  serverCreated = 0;
  /** Client transactions created, CANCELs included. */
  clientCreated = 0;
  /** Transactions refused because the layer was full. */
  refused = 0;
  /** Requests that were a retransmission. */
  requestRetransmissionsReceived = 0;
  /** ACKs for negative responses that ended here. */
  acksAbsorbed = 0;
  /** Requests sent again by timers A and E. */
  requestRetransmissionsSent = 0;
  /** Responses sent again, by timer G or because the request came again. */
  responseRetransmissionsSent = 0;
  /** Client transactions without a final response in time. */
  timeouts = 0;
  /** Timer H: negative responses that nobody acknowledged. */
  ackTimeouts = 0;
  /** Messages that the transport could not deliver. */
  transportErrors = 0;
  /** Responses without a client transaction. */
  strayResponses = 0;
  /** Responses that came again, or that the machine had no use for. */
  responsesAbsorbed = 0;
}
