import type { Socket } from 'node:net';
import { ServerError } from './server-error.ts';
import type { Session } from './session.ts';

/** What a server answers to a statement. */
export interface Answer {
  readonly rows: readonly AnswerRow[];
  /** How many rows were changed or returned. */
  readonly count: number;
}

/** Values as they came; instants are texts in local time. */
export type AnswerRow = readonly (string | number | null)[];

/** What is still to be done in a transaction before it is committed, and the value of it all. */
export interface Outcome<T, St> {
  readonly value: T;
  readonly last: readonly St[];
}

/** What goes on in a transaction after its first statements. */
export type Work<T, St> = (answers: readonly Answer[]) => Promise<Outcome<T, St>>;

/** A connection that is asked by statements. */
export interface ServerSession<St> extends Session {
  /** Asks for one thing. */
  one(statement: St, limitMs?: number): Promise<Answer>;
  /**
   * Asks for several things at once; they are done in this order. Rejects with the first error, and the others may have
   * been done unless they are in a transaction.
   *
   * @throws ServerError when it takes too long, the connection is of no more use
   */
  ask(statements: readonly St[], limitMs?: number): Promise<readonly Answer[]>;
  /**
   * Does something in a transaction. When it rejects, the transaction was undone or the connection is of no more use.
   *
   * @param work returns its value and what is still to be done before the transaction is committed
   */
  transaction<T>(first: readonly St[], work: Work<T, St>): Promise<T>;
  /** Ends it at once. */
  destroy(): void;
}

/** What a connection says of errors. */
export interface ErrorDialect {
  readonly place: string;
  /** What the driver and the server say, as an error of a store. */
  readonly errorOf: (place: string, error: unknown) => ServerError;
  /** Whether the server has ended the connection, or the connection cannot go on. */
  readonly isEnd: (error: unknown) => boolean;
}

/** What a connection was asked for and has not answered: each within its time, and none after the connection failed. */
export class PendingCalls {
  #failure: ServerError | undefined;
  readonly #socket: Socket;
  readonly #dialect: ErrorDialect;
  readonly #pending: Set<(error: ServerError) => void>;

  constructor(socket: Socket, dialect: ErrorDialect) {
    this.#failure = undefined;
    this.#socket = socket;
    this.#dialect = dialect;
    this.#pending = new Set();
  }

  get failure(): ServerError | undefined {
    return this.#failure;
  }

  /** Asks for something, and has the connection fail when there is no answer in time. */
  within<T>(limitMs: number, ask: () => Promise<T>): Promise<T> {
    if (this.#failure !== undefined) return Promise.reject(this.#failure);
    return new Promise((resolve, reject) => {
      this.#pending.add(reject);
      // A process that was held up reads what has come meanwhile before it complains.
      const timer = setTimeout(() => setImmediate(() => this.#tooLate(reject, limitMs)), limitMs);
      const settle = (): void => {
        clearTimeout(timer);
        this.#pending.delete(reject);
      };
      ask().then(
        (value) => {
          settle();
          resolve(value);
        },
        (error: unknown) => {
          settle();
          if (this.#dialect.isEnd(error)) this.fail(error);
          reject(this.#failure ?? this.#dialect.errorOf(this.#dialect.place, error));
        },
      );
    });
  }

  /** Ends the connection, and with it whatever it was asked for. The first reason stays. */
  fail(error: unknown): void {
    if (this.#failure !== undefined) return;
    const failure = this.#dialect.errorOf(this.#dialect.place, error);
    this.#failure = failure;
    this.#socket.destroy();
    for (const reject of this.#pending) reject(failure);
    this.#pending.clear();
  }

  #tooLate(reject: (error: ServerError) => void, limitMs: number): void {
    if (!this.#pending.has(reject)) return;
    this.fail(new ServerError(this.#dialect.place, 'no-answer', `no answer within ${limitMs / 1000} s`));
  }
}

/** A connection by a socket: what does not depend on who is at its other end. */
export abstract class SocketSession<St> implements ServerSession<St> {
  protected readonly socket: Socket;
  protected readonly calls: PendingCalls;
  #identity: string;

  constructor(socket: Socket, dialect: ErrorDialect) {
    this.socket = socket;
    this.calls = new PendingCalls(socket, dialect);
    this.#identity = '';
  }

  get identity(): string {
    return this.#identity;
  }

  get failure(): ServerError | undefined {
    return this.calls.failure;
  }

  async one(statement: St, limitMs?: number): Promise<Answer> {
    const [answer] = await this.ask([statement], limitMs);
    return answer as Answer;
  }

  destroy(): void {
    this.calls.fail(new Error('it was closed'));
  }

  /**
   * Connects.
   *
   * @param connect resolves with the identity
   * @throws ServerError
   */
  protected async begin(connect: () => Promise<string>): Promise<this> {
    try {
      this.#identity = await connect();
      return this;
    } catch (error) {
      this.calls.fail(error);
      throw this.failure ?? error;
    }
  }

  abstract ask(statements: readonly St[], limitMs?: number): Promise<readonly Answer[]>;
  abstract transaction<T>(first: readonly St[], work: Work<T, St>): Promise<T>;
  abstract end(): Promise<void>;
}
