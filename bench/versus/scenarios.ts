import type { BenchOptions } from '../command-line.ts';
import type { Pace } from '../generator/job.ts';
import type { RequestKind } from '../generator/request-template.ts';
import { release, track } from '../program.ts';
import type { ServerKind, ServerNeeds } from '../servers/catalog.ts';
import { closed, open, Subject } from '../subject.ts';
import { Rounds } from './rounds.ts';
import type { Samples } from './samples.ts';

// A finished transaction is kept for seconds (Kamailio 5, RFC 3261 32): warmed up so long, memory is recycled as in
// a server that has run for a while.
const RELAY_WARMUP_MS = 6_000;

/** The sizes of the comparison. */
export interface Sizes {
  readonly small: number;
  readonly usual: number;
  readonly large: number;
  readonly relayed: number;
  readonly connections: number;
}

export const fullSizes: Sizes = {
  small: 1_000,
  usual: 100_000,
  large: 1_000_000,
  relayed: 100_000,
  connections: 10_000,
};
export const quickSizes: Sizes = { small: 1_000, usual: 10_000, large: 50_000, relayed: 10_000, connections: 500 };

/** Asks every question of the goals, in turns: each round asks each server once, so that all see the same weather. */
export class Versus {
  readonly #options: BenchOptions;
  readonly #sizes: Sizes;
  readonly #samples: Samples;
  readonly #rounds: Rounds;

  constructor(options: BenchOptions, sizes: Sizes, samples: Samples) {
    this.#options = options;
    this.#sizes = sizes;
    this.#samples = samples;
    this.#rounds = new Rounds(options, samples);
  }

  async run(): Promise<void> {
    await this.#smallTable();
    await this.#usualTable();
    await this.#redirect();
    await this.#relay();
    await this.#tcp();
    await this.#largeTable();
  }

  async #smallTable(): Promise<void> {
    const needs = { users: this.#sizes.small, transport: 'udp', redirect: false } as const;
    await this.#with(needs, this.#without('kamailio', 'aorta-dgram'), async (subjects) => {
      await this.#ask(subjects, 'refresh-1k', 'refresh', closed(64));
    });
  }

  async #usualTable(): Promise<void> {
    const needs = { users: this.#sizes.usual, transport: 'udp', redirect: false } as const;
    await this.#with(needs, this.#options.servers, async (subjects) => {
      await this.#ask(subjects, 'refresh', 'refresh', closed(64));
      const most = this.#samples.middle('refresh', 'kamailio-tuned', (result) => result.repliesPerSecond);
      const shipped = subjects.filter((subject) => subject.kind !== 'aorta-dgram');
      await this.#ask(shipped, 'refresh-12k', 'refresh', open(12_000));
      await this.#ask(shipped, 'refresh-30k', 'refresh', open(30_000));
      const fast = shipped.filter((subject) => subject.kind !== 'kamailio'); // as packaged it does not reach the rate
      if (!Number.isNaN(most)) await this.#ask(fast, 'refresh-half', 'refresh', open(Math.round(most / 2)));
      await this.#ask(shipped, 'query', 'query', closed(64));
      for (const subject of this.#rounds.turns(shipped)) {
        const { remove, initial } = await subject.removeAndRegister();
        this.#samples.add('remove', subject.kind, remove);
        this.#samples.add('initial', subject.kind, initial);
      }
    });
  }

  async #redirect(): Promise<void> {
    const needs = { users: this.#sizes.usual, transport: 'udp', redirect: true } as const;
    await this.#with(needs, this.#without('aorta-dgram'), (subjects) =>
      this.#ask(subjects, 'redirect', 'redirect', closed(64)),
    );
  }

  async #relay(): Promise<void> {
    const needs = { users: this.#sizes.relayed, transport: 'udp', redirect: false } as const;
    await this.#with(needs, this.#without('aorta-dgram'), async (subjects) => {
      const warmupMs = this.#options.quick ? 0 : RELAY_WARMUP_MS;
      for (const subject of subjects) {
        await subject.measure({ kind: 'message', pace: closed(64), warmupMs, measureMs: 100 });
      }
      await this.#ask(subjects, 'message', 'message', closed(64));
    });
  }

  async #tcp(): Promise<void> {
    const needs = { users: this.#sizes.connections, transport: 'tcp', redirect: false } as const;
    await this.#with(needs, this.#without('aorta-dgram'), (subjects) =>
      this.#ask(subjects, 'tcp', 'refresh', closed(64)),
    );
  }

  async #largeTable(): Promise<void> {
    const needs = { users: this.#sizes.large, transport: 'udp', redirect: false } as const;
    await this.#with(needs, this.#without('aorta-dgram'), async (subjects) => {
      for (const subject of subjects) this.#samples.addValue('memory', subject.kind, subject.bytesPerContact);
      const fast = subjects.filter((subject) => subject.kind !== 'kamailio');
      await this.#ask(fast, 'refresh-1m', 'refresh', closed(64));
      await this.#ask(fast, 'refresh-30k-1m', 'refresh', open(30_000));
    });
  }

  async #with(
    needs: Omit<ServerNeeds, 'core'>,
    servers: readonly ServerKind[],
    body: (subjects: readonly Subject[]) => Promise<void>,
  ): Promise<void> {
    const subjects: Subject[] = [];
    for (const kind of servers) {
      const subject = track(await Subject.start(kind, needs));
      subjects.push(subject);
      await subject.fill();
    }
    await body(subjects);
    for (const subject of subjects) await release(subject);
  }

  #ask(subjects: readonly Subject[], question: string, kind: RequestKind, pace: Pace): Promise<void> {
    return this.#rounds.ask(subjects, question, { kind, pace });
  }

  #without(...left: readonly ServerKind[]): readonly ServerKind[] {
    return this.#options.servers.filter((kind) => !left.includes(kind));
  }
}
