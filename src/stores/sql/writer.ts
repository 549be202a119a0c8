import { notOpen, type Session, type SessionDialect } from './session.ts';

interface Task<S> {
  readonly work: (session: S) => Promise<void>;
  readonly reject: (error: unknown) => void;
}

/**
 * The one connection by which a database is changed: one task after the other. When it breaks, what the server was doing
 * for it may still be done, so its end in the server is seen to before anything else is asked there.
 */
export class Writer<S extends Session> {
  readonly #dialect: SessionDialect<S>;
  readonly #waiting: Task<S>[];
  #isWorking: boolean;
  #session: S | undefined;
  /** Broken connections that the server may not have noticed. */
  #abandoned: string[];
  #isClosed: boolean;

  constructor(dialect: SessionDialect<S>) {
    this.#dialect = dialect;
    this.#waiting = [];
    this.#isWorking = false;
    this.#session = undefined;
    this.#abandoned = [];
    this.#isClosed = false;
  }

  /** Does something after all that was asked for before. Connects when there is no connection. */
  run<T>(work: (session: S) => Promise<T>): Promise<T> {
    if (this.#isClosed) return Promise.reject(notOpen(this.#dialect.place));
    return new Promise((resolve, reject) => {
      this.#waiting.push({ work: async (session) => resolve(await work(session)), reject });
      if (!this.#isWorking) void this.#workOff();
    });
  }

  /** Resolves when nothing that has failed can happen any more; undefined: that is so. */
  settled(): Promise<void> | undefined {
    if (this.#abandoned.length === 0 && this.#session?.failure === undefined) return undefined;
    return this.run(async () => undefined);
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    const last = this.#isWorking ? this.run(async () => undefined) : undefined;
    this.#isClosed = true;
    await last?.catch(() => undefined);
    await this.#session?.end();
    this.#session = undefined;
  }

  async #workOff(): Promise<void> {
    this.#isWorking = true;
    for (let task = this.#waiting.shift(); task !== undefined; task = this.#waiting.shift()) await this.#do(task);
    this.#isWorking = false;
  }

  async #do({ work, reject }: Task<S>): Promise<void> {
    try {
      await work(await this.#connected());
    } catch (error) {
      const isConnected = this.#session !== undefined && this.#session.failure === undefined;
      this.#abandonBroken();
      reject(error);
      if (isConnected) return;
      // What waits was decided on top of what has failed, and would each wait for a connection in vain.
      for (const waiting of this.#waiting.splice(0)) waiting.reject(error);
    }
  }

  async #connected(): Promise<S> {
    this.#abandonBroken();
    if (this.#session !== undefined) return this.#session;
    const session = await this.#dialect.connect();
    try {
      if (this.#abandoned.length > 0) await this.#dialect.bury(session, this.#abandoned);
    } catch (error) {
      await session.end();
      throw error;
    }
    this.#abandoned = [];
    this.#session = session;
    return session;
  }

  #abandonBroken(): void {
    if (this.#session?.failure === undefined) return;
    this.#abandoned.push(this.#session.identity);
    this.#session = undefined;
  }
}
