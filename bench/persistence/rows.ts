import { julianDay } from '../../src/stores/sqlite/julian-day.ts';
import type { Registered } from '../subject.ts';

const LIFETIME_SECONDS = 2 * 86_400;
const USER_DIGITS = 8;

/** Rows for a table `location`, as a server would have written them. */
interface Bindings {
  readonly count: number;
  readonly registered: Registered;
  /** Of contacts that name none: a refresh must find nothing else to change than its instants and CSeq. */
  readonly q: number;
  /** An instant in the SQL of the database. */
  readonly instant: (seconds: number) => string;
}

/** SQL that puts bindings into a table; SQLite and PostgreSQL understand it alike. */
export function insertBindings({ count, registered, q, instant }: Bindings): string {
  const { serverPort, clientPort, salt } = registered;
  const now = Math.floor(Date.now() / 1000);
  const user = `substr(CAST(${10 ** USER_DIGITS} + n AS text), 2)`;
  const values = {
    ruid: `'uloc-6b0b2065-1be1-' || ${user}`,
    username: `'u' || ${user}`,
    contact: `'sip:u' || ${user} || '@127.0.0.1:${clientPort}'`,
    expires: instant(now + LIFETIME_SECONDS),
    q: String(q),
    callid: `'${salt}-' || ${user} || '@127.0.0.1'`,
    cseq: '1',
    last_modified: instant(now),
    user_agent: "'aorta-bench/1.0'",
    socket: `'udp:127.0.0.1:${serverPort}'`,
    connection_id: '-1',
  };
  return (
    `WITH RECURSIVE numbers(n) AS (SELECT 0 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count - 1}) ` +
    `INSERT INTO location (${Object.keys(values).join(', ')}) SELECT ${Object.values(values).join(', ')} FROM numbers`
  );
}

/** The user of the last of `count` rows. */
export function lastUser(count: number): string {
  return `u${String(count - 1).padStart(USER_DIGITS, '0')}`;
}

export function sqliteInstant(seconds: number): string {
  return String(julianDay(seconds));
}

/** The column has no zone; the lifetime is longer than any two zones are apart. */
export function pgInstant(seconds: number): string {
  return `to_timestamp(${seconds}) AT TIME ZONE 'UTC'`;
}
