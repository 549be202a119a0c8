import type { BenchOptions } from '../command-line.ts';
import { release, say, track } from '../program.ts';
import { type ServerKind, startServer } from '../servers/catalog.ts';
import { freePort } from '../servers/server.ts';
import { isStored, type StoredKind, storedServers } from '../servers/stored.ts';
import { closed, open, SERVER_CORE, Subject, type SubjectNeeds } from '../subject.ts';
import { Rounds } from '../versus/rounds.ts';
import type { Samples } from '../versus/samples.ts';
import type { BenchDatabases } from './databases.ts';
import { greatestRate, OFFERED_RATE, questions, waitingNumbers } from './questions.ts';
import { lastUser } from './rows.ts';

// Write-back writes a change when it is a minute old: from then on, a minute has the writes of a minute.
const OFFERED_MS = 60_000;
const OFFERED_WARMUP_MS = 65_000;
const STARTS = 3;

/** How much is measured. */
export interface PersistenceSizes {
  readonly users: number;
  /** Rows in the table that a server starts with. */
  readonly rows: number;
}

export const fullSizes: PersistenceSizes = { users: 100_000, rows: 1_000_000 };
export const quickSizes: PersistenceSizes = { users: 10_000, rows: 20_000 };

/** Asks every question of the goals of persistence. */
export class Persistence {
  readonly #options: BenchOptions;
  readonly #sizes: PersistenceSizes;
  readonly #databases: BenchDatabases;
  readonly #samples: Samples;
  readonly #rounds: Rounds;
  /** Servers that could not be measured, and why. */
  readonly absent = new Map<ServerKind, string>();

  constructor(options: BenchOptions, sizes: PersistenceSizes, databases: BenchDatabases, samples: Samples) {
    this.#options = options;
    this.#sizes = sizes;
    this.#databases = databases;
    this.#samples = samples;
    this.#rounds = new Rounds(options, samples);
  }

  async run(): Promise<void> {
    const subjects: Subject[] = [];
    for (const kind of this.#options.servers) {
      const subject = await this.#orAbsent(kind, () => this.#start(kind));
      if (subject !== undefined) subjects.push(subject);
    }
    await this.#underLoad(subjects);
    for (const subject of subjects) await release(subject);
    for (const kind of this.#options.servers) {
      // Write-back loads as write-through does.
      if (isStored(kind) && storedServers[kind].mode === 'write-through' && storedServers[kind].workers === 1) {
        await this.#orAbsent(kind, () => this.#startFull(kind));
      }
    }
  }

  async #start(kind: ServerKind): Promise<Subject> {
    const needs = { users: this.#sizes.users, transport: 'udp', redirect: false } as const;
    const subject = track(await Subject.start(kind, isStored(kind) ? await this.#withDatabase(kind, needs) : needs));
    try {
      if (!isStored(kind)) await subject.fill();
      await subject.warmUp();
    } catch (error) {
      await release(subject);
      throw error;
    }
    say(`${kind}: started`);
    return subject;
  }

  /** The table is filled without the server: by REGISTER, some take minutes. */
  async #withDatabase(kind: StoredKind, needs: SubjectNeeds): Promise<SubjectNeeds> {
    const { users } = needs;
    const database = await this.#databases.create(kind, 'load');
    const databasePid = this.#databases.databasePidOf(kind);
    return {
      ...{ ...needs, database, bound: lastUser(users) },
      ...(databasePid !== undefined && { databasePid }),
      prefill: (registered) => this.#databases.fill(kind, database, users, registered),
    };
  }

  async #underLoad(subjects: readonly Subject[]): Promise<void> {
    const only = (...kinds: readonly ServerKind[]) => subjects.filter(({ kind }) => kinds.includes(kind));
    for (const waiting of waitingNumbers) {
      await this.#rounds.ask(subjects, questions.saturated(waiting), { kind: 'refresh', pace: closed(waiting) });
    }
    for (const subject of only('aorta-sqlite', 'aorta-postgres')) {
      const rate = Math.round(greatestRate(this.#samples, subject.kind) / 2);
      await this.#rounds.ask([subject], questions.half, { kind: 'refresh', pace: open(rate) });
    }
    await this.#rounds.ask(only('aorta', 'aorta-write-back'), questions.offered, {
      ...{ kind: 'refresh', pace: open(OFFERED_RATE), rounds: 1 },
      ...(!this.#options.quick && { warmupMs: OFFERED_WARMUP_MS, measureMs: OFFERED_MS }),
    });
  }

  /** From the start of the program until its users are known, with a table that is full: in the page cache, not cold. */
  async #startFull(kind: StoredKind): Promise<void> {
    const port = await freePort();
    const bound = lastUser(this.#sizes.rows);
    const database = await this.#databases.create(kind, 'start');
    await this.#databases.fill(kind, database, this.#sizes.rows, {
      serverPort: port,
      clientPort: 40_000,
      salt: 'bench',
    });
    const needs = { core: SERVER_CORE, users: this.#sizes.rows, transport: 'udp', redirect: false } as const;
    for (let time = 0; time < STARTS; time++) {
      const before = performance.now();
      const server = track(await startServer(kind, { ...needs, database, port, bound }));
      const seconds = (performance.now() - before) / 1000;
      await server.awaitBinding(bound).finally(() => release(server));
      this.#samples.addValue(questions.start, kind, seconds);
      say(`${kind}, ${this.#sizes.rows} rows: ready in ${seconds.toFixed(2)} s`);
    }
  }

  /** Notes why a server cannot be measured, and goes on without it. */
  async #orAbsent<T>(kind: ServerKind, body: () => Promise<T>): Promise<T | undefined> {
    try {
      return await body();
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.absent.set(kind, reason.replaceAll(/\s+/g, ' ').slice(0, 300));
      say(`${kind}: ${reason}`);
      return undefined;
    }
  }
}
