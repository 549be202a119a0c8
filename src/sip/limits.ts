/**
 * The limits of the grammar, each with its reason. What crosses one is refused; nothing is cut silently.
 * Lengths are bytes of the wire.
 */
export const limits = {
  /** A UDP payload cannot be longer (RFC 768: a 16-bit length), so a datagram message never is. */
  maxDatagramBytes: 65_535,

  /**
   * The default for one message on a stream. RFC 3261 §18.1.1 asks that 65,535 bytes be handled; a stream peer
   * that may send more could make us hold more for each of its connections.
   */
  maxStreamMessageBytes: 65_535,

  /** A head longer than this is an attack: the longest of RFC 4475 (`longreq`) has 3.4 KiB. */
  maxHeadBytes: 32_768,

  /** The request line is one URI and two words; a peer that sends more without a line break does not speak SIP. */
  maxStartLineBytes: 8_192,

  /** Header lines of one message. Every lookup walks them, so the number bounds the cost of a message. */
  maxHeaders: 256,

  /** Values of one header in all its lines: as above, and each becomes an object when it is looked at. */
  maxListValues: 256,

  /** Via values: RFC 3261 §16.3 starts at 70 hops, so a message with more has run in a circle. */
  maxVias: 71,

  /** Contacts of one message: a REGISTER reads and rewrites the bindings of an AoR for each. */
  maxContacts: 64,

  /** Parameters of one URI or header value; comparing two URIs looks each of them up in the other. */
  maxParams: 64,

  /** One URI: four times the 1,024 that databases and phones allow for a contact. */
  maxUriBytes: 4_096,

  /** A Call-ID is a key of several tables; RFC 4475 `longreq` has the longest sensible one with 252 bytes. */
  maxCallIdBytes: 1_024,
} as const;
