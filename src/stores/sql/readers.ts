import { notOpen, type Session, type SessionDialect } from './session.ts';

/** Connections for reads: more would not read faster, and a server has few to give. */
const maxSessions = 4;

interface Slot<S> {
  readonly connecting: Promise<S>;
  session: S | undefined;
  pending: number;
}

/** Some connections by which a database is read, so that reads do not wait behind writes. Opened when needed. */
export class Readers<S extends Session> {
  readonly #dialect: SessionDialect<S>;
  #slots: Slot<S>[];
  #isClosed: boolean;

  constructor(dialect: SessionDialect<S>) {
    this.#dialect = dialect;
    this.#slots = [];
    this.#isClosed = false;
  }

  async run<T>(work: (session: S) => Promise<T>): Promise<T> {
    if (this.#isClosed) throw notOpen(this.#dialect.place);
    const slot = this.#leastBusy();
    slot.pending += 1;
    try {
      return await work(slot.session ?? (await slot.connecting));
    } finally {
      slot.pending -= 1;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const slots = this.#slots;
    this.#slots = [];
    await Promise.all(
      slots.map(({ connecting }) => connecting.then((session) => session.end()).catch(() => undefined)),
    );
  }

  #leastBusy(): Slot<S> {
    this.#slots = this.#slots.filter(({ session }) => session?.failure === undefined);
    let best: Slot<S> | undefined;
    for (const slot of this.#slots) if (best === undefined || slot.pending < best.pending) best = slot;
    if (best !== undefined && (best.pending === 0 || this.#slots.length >= maxSessions)) return best;
    const slot: Slot<S> = { connecting: this.#dialect.connect(), session: undefined, pending: 0 };
    slot.connecting.then(
      (session) => {
        slot.session = session;
      },
      () => {
        this.#slots = this.#slots.filter((other) => other !== slot);
      },
    );
    this.#slots.push(slot);
    return slot;
  }
}
