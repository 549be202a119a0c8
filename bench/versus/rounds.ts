import type { BenchOptions } from '../command-line.ts';
import { say } from '../program.ts';
import type { Measurement, Subject } from '../subject.ts';
import type { Samples } from './samples.ts';

type RoundOptions = Pick<BenchOptions, 'rounds' | 'warmupMs' | 'measureMs'>;

/** What is asked, and where it differs from the other questions, how long and how often. */
export type Asked = Pick<Measurement, 'kind' | 'pace'> & Partial<Measurement> & { readonly rounds?: number };

/** Asks in turns: each round asks each server once, so that all see the same weather. */
export class Rounds {
  readonly #options: RoundOptions;
  readonly #samples: Samples;

  constructor(options: RoundOptions, samples: Samples) {
    this.#options = options;
    this.#samples = samples;
  }

  async ask(subjects: readonly Subject[], question: string, { rounds, ...asked }: Asked): Promise<void> {
    const { warmupMs, measureMs } = this.#options;
    for (const subject of this.turns(subjects, rounds)) {
      this.#samples.add(question, subject.kind, await subject.measure({ warmupMs, measureMs, ...asked }));
    }
    for (const { kind: server } of subjects) {
      const cpu = this.#samples.middle(question, server, (result) => result.serverCpuUs);
      const rate = this.#samples.middle(question, server, (result) => result.repliesPerSecond);
      const p99 = this.#samples.middle(question, server, (result) => result.latency.p99);
      say(`${question}, ${server}: ${cpu.toFixed(2)} µs CPU, ${rate.toFixed(0)}/s, p99 ${p99.toFixed(0)} µs`);
    }
  }

  /** A B C A B C …, one round after the other. */
  *turns(subjects: readonly Subject[], rounds = this.#options.rounds): Generator<Subject> {
    for (let round = 0; round < rounds; round++) yield* subjects;
  }
}
