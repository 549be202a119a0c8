/** The limits of the admin API, each with its reason. */
export const adminLimits = {
  /** The longest body is a contact of 4,096 bytes and some numbers. */
  maxBodyBytes: 65_536,

  /** The longest head is a URL with an address-of-record and a contact, each byte escaped. */
  maxHeadBytes: 32_768,

  /** An escaped address-of-record of 256 characters has at most 12 bytes for each. */
  maxParameterBytes: 4_096,

  /** Operators and their programs; more would be somebody who tries out how many sockets there are. */
  maxConnections: 64,

  /** A head that has not come by then is not coming. */
  headMs: 5_000,

  /** The same for a whole request. */
  requestMs: 10_000,

  /** A connection on which nothing moves: also that of a reader who does not read. */
  idleMs: 30_000,

  /** Between two requests on one connection. */
  keepAliveMs: 5_000,

  /** How often the above are looked at. */
  checkMs: 2_500,

  /** A stop waits that long for answers that are under way. */
  stopMs: 1_000,

  /** Addresses-of-record of one page: its JSON is made in one go, about 2 ms of the event loop. */
  maxPageAors: 500,

  /** Ends a page early: one address-of-record may have a thousand bindings. */
  maxPageBindings: 1_000,

  /** After that many steps of a walk everybody else has a turn. */
  stepsOfTurn: 50,

  /** Walks that were begun and not ended; each holds a place in the order of a table, and its last page. */
  maxWalks: 32,

  /** A walk that nobody goes on with is over by then. */
  walkIdleMs: 60_000,

  /** Bytes of an address-of-record: what the registrar takes and a table's key columns hold. */
  maxAorBytes: 256,

  /** Short tokens can be guessed. */
  minTokenLength: 16,
} as const;
