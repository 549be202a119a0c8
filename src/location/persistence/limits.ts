/** Bounds of what waits for a database, each with its reason. */
export const persistenceLimits = {
  /**
   * Rows that may wait for the commit under way. At the 15 to 30 microseconds that an embedded database takes for a row
   * that is half a second, after which a phone would begin to repeat itself; what comes then is refused with 503.
   */
  maxWaitingRows: 16_384,
  /** Rows in one commit of a write-back: for so long nobody else can write to an SQLite file. */
  maxRowsOfCommit: 1_000,
  /** How long a database that failed is left alone before it is asked again, milliseconds. */
  retryMs: 500,
  /** Expired rows removed in one go after the start, and how long others go first after that, milliseconds. */
  maxRowsOfCleaning: 1_000,
  cleaningPauseMs: 100,
  /**
   * Tables of one server. A route may name a table by what a message says; whoever sends it must not be able to fill a
   * database with tables.
   */
  maxTables: 64,
  /** Addresses-of-record read again in one call after a failure. */
  maxAorsOfRead: 500,
  /** How often a compare-and-set is tried before the request is refused: others change the same address faster. */
  maxTries: 50,
  /** Unreadable rows of a table that are named in the log; of the others there is a count. */
  maxNamedRows: 20,
} as const;
