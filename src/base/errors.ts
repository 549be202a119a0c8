/**
 * Every stable code of an error that an operator or a backend can cause. What a peer causes is a `SipError`.
 * `docs/errors.md` lists the same codes; a test keeps the two equal.
 */
export const errorCodes = {
  CONFIG_INVALID: 'an option, a parameter or a config file is wrong; each problem is listed with its remedy',
  CONFIG_NOT_FOUND: 'the config file named on the command line cannot be read',
  TRANSPORT_ADDRESS_IN_USE: 'another process holds the address and port',
  TRANSPORT_CANNOT_BIND: 'the address cannot be bound on this machine',
  TRANSPORT_CONNECT_FAILED: 'a connection to the next hop could not be opened in time',
  TRANSPORT_NO_LISTENER: 'no listener speaks the transport or address family that the next hop needs',
  TRANSPORT_OVERFLOW: 'the send queue or the table of connections is full',
  STORE_UNSUPPORTED: 'the store named by --db is not part of this build, or its driver is not installed',
  STORE_CANNOT_OPEN: 'the database cannot be opened: it is not there, refuses us, or may not be written',
  STORE_CORRUPT: 'the database file is damaged or no database; nothing is written to it',
  STORE_VERSION: 'a table of the database has a layout that this version does not know',
  STORE_UNAVAILABLE: 'the database does not answer or refuses a write; what was to be stored is refused meanwhile',
  STORE_REFUSED: 'a binding cannot be a row of its table, for example because a text is longer than its column',
  STORE_BUSY: 'more changes wait for the database than may wait; the request is refused, to be tried again',
  SERVER_NOT_RUNNING: 'the call needs a started server',
} as const;

/** One of the codes of `errorCodes`. */
export type ErrorCode = keyof typeof errorCodes;

/** An error with a stable code, whose message names the place and the remedy. */
export class AortaError extends Error {
  readonly code: ErrorCode;

  constructor(code: ErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'AortaError';
    this.code = code;
  }
}
