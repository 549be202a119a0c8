/** Values that go beside a log message; never credentials, nonces or `Authorization`. */
export type LogFields = Readonly<Record<string, unknown>>;

/** What the engine needs of a logger; the server passes pino, an embedding program its own. */
export interface Logger {
  debug(message: string, fields?: LogFields): void;
  info(message: string, fields?: LogFields): void;
  warn(message: string, fields?: LogFields): void;
  error(message: string, fields?: LogFields): void;
}

/** A logger that says nothing. */
export const silentLogger: Logger = {
  debug() {},
  info() {},
  warn() {},
  error() {},
};
