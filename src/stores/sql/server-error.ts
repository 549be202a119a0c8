import { setTimeout as sleep } from 'node:timers/promises';
import { StoreError, type StoreErrorCode } from '../../location/store-error.ts';

/** What goes wrong with a database server, with the remedy. */
const problems = {
  'wrong-user': 'it refuses this user or this password; correct them in the URL, or let the server accept them',
  'no-password': 'it wants a password; write it into the URL, as in //user:password@host/database',
  'no-database': 'there is no such database; create it, or name another one in the URL',
  'no-server': 'nobody answers there; start the server, or correct host and port in the URL',
  'unknown-host': 'its host is unknown; correct it in the URL, or look at the name service',
  'no-connection': 'it does not accept a connection in time; look at the server and at the network',
  'no-tls': 'encryption cannot be agreed upon; look at the certificates, or at what the URL says about ssl',
  'too-many-connections': 'it has too many connections; allow more of them, or end programs that have some',
  'too-old': 'this version of the server is too old; use a newer one',
  'disk-full': 'its disk is full; make room there',
  'no-memory': 'it has not enough memory; give it more',
  'read-only': 'it may only be read; name the primary server in the URL, or let this user write',
  'no-right': 'this user may not do that; grant the right to it',
  ended: 'it was shut down, or an administrator has ended the connection',
  starting: 'it is starting or recovering; wait',
  'no-answer': 'it does not answer in time; look at its load and at its disk',
  locked: 'another program keeps rows or tables locked; end that program, or its transaction',
  conflict: 'other programs change the same rows all the time; try again',
  broken: 'the connection broke; look at the server and at the network',
  corrupt: 'its files are damaged; restore a backup',
  refused: 'it refuses a statement',
} as const;

/** One of the problems that a server can have. */
export type ServerProblem = keyof typeof problems;

const codes: Partial<Record<ServerProblem, StoreErrorCode>> = {
  corrupt: 'STORE_CORRUPT',
  'too-old': 'STORE_UNSUPPORTED',
};

/** What Node's sockets say. */
const ofSocket: Readonly<Record<string, ServerProblem>> = {
  ECONNREFUSED: 'no-server',
  ENOENT: 'no-server',
  EHOSTUNREACH: 'no-connection',
  ENETUNREACH: 'no-connection',
  ETIMEDOUT: 'no-connection',
  ENOTFOUND: 'unknown-host',
  EAI_AGAIN: 'unknown-host',
  ECONNRESET: 'broken',
  EPIPE: 'broken',
};

/** What a socket's error means; undefined when it means nothing that we know. */
export function problemOfSocket(error: unknown): ServerProblem | undefined {
  const { code, errors } = error as { code?: unknown; errors?: readonly unknown[] };
  // A name with several addresses fails with what each of them said.
  if (code === undefined && errors?.[0] !== undefined) return problemOfSocket(errors[0]);
  return typeof code === 'string' ? ofSocket[code] : undefined;
}

/** What a database server could not do. */
export class ServerError extends StoreError {
  readonly problem: ServerProblem;

  /**
   * @param place without a password
   * @param detail the server's own words
   */
  constructor(place: string, problem: ServerProblem, detail: string, cause?: unknown) {
    super(codes[problem] ?? 'STORE_UNAVAILABLE', `${place}: ${problems[problem]}${detail && ` (${detail})`}`, {
      cause,
    });
    this.problem = problem;
  }
}

/** How often a transaction is tried that the server has undone because of another one. */
const maxTries = 8;

/** The longest pause between two tries; the first ones are shorter. A random part of it, so that two do not meet again. */
const maxPauseMs = 200;

/**
 * Does a transaction, and does it again when the server has undone it because of what others did at the same time.
 *
 * @param run leaves nothing behind when it rejects
 */
export async function retried<T>(run: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await run();
    } catch (error) {
      const isConflict = error instanceof ServerError && error.problem === 'conflict';
      if (!isConflict || tries >= maxTries) throw error;
      await sleep(Math.random() * Math.min(2 ** tries, maxPauseMs));
    }
  }
}

/** The error of opening: what is a failure later means that a database cannot be opened. */
export function cannotOpen(error: unknown): unknown {
  if (!(error instanceof StoreError) || error.code !== 'STORE_UNAVAILABLE') return error;
  return new StoreError('STORE_CANNOT_OPEN', error.message, { cause: error });
}
