import { StoreError } from '../../location/store-error.ts';

/** A connection to a database server. */
export interface Session {
  /** What names it to the server, so that another connection can have it ended. */
  readonly identity: string;
  /** Why it cannot be used any more; undefined while it can. */
  readonly failure: StoreError | undefined;
  /** Ends it after what it was asked for, in bounded time. */
  end(): Promise<void>;
}

/** What a backend does with connections. */
export interface SessionDialect<S extends Session> {
  readonly place: string;
  /** Opens one, in bounded time. */
  connect(): Promise<S>;
  /** Ends other connections in the server and waits, in bounded time, until they are gone. */
  bury(session: S, identities: readonly string[]): Promise<void>;
}

/** An error for what is asked of a database that is not open. */
export function notOpen(place: string): StoreError {
  return new StoreError('STORE_UNAVAILABLE', `${place}: it is not open`);
}
