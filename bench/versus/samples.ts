import type { JobResult } from '../generator/job.ts';
import type { ServerKind } from '../servers/catalog.ts';
import { median } from '../subject.ts';

/** What the rounds said of one question and one server. */
export interface Sample {
  readonly question: string;
  readonly server: ServerKind;
  readonly results: readonly JobResult[];
}

/** The results of all rounds, by question and server. */
export class Samples {
  readonly #results = new Map<string, Sample & { readonly results: JobResult[] }>();
  readonly #values = new Map<string, number[]>();

  add(question: string, server: ServerKind, result: JobResult): void {
    const key = `${question} ${server}`;
    const sample = this.#results.get(key);
    if (sample === undefined) this.#results.set(key, { question, server, results: [result] });
    else sample.results.push(result);
  }

  /** Notes one more answer to a question that no load is needed for. */
  addValue(question: string, server: ServerKind, value: number): void {
    const key = `${question} ${server}`;
    const values = this.#values.get(key);
    if (values === undefined) this.#values.set(key, [value]);
    else values.push(value);
  }

  /** The median of the values; NaN when there are none. */
  middleValue(question: string, server: ServerKind): number {
    return median(this.#values.get(`${question} ${server}`) ?? []);
  }

  /** The median over the rounds; NaN when the server was not asked. */
  middle(question: string, server: ServerKind, pick: (result: JobResult) => number): number {
    return median((this.#results.get(`${question} ${server}`)?.results ?? []).map(pick));
  }

  /** What was asked, in the order of the first answers. */
  all(): Iterable<Sample> {
    return this.#results.values();
  }

  /** Why rounds must not be believed: reason without its numbers, question and server, and how many rounds. */
  spoiled(): readonly string[] {
    const notes: string[] = [];
    for (const sample of this.all()) {
      const doubt = doubtOf(sample);
      if (doubt !== undefined) notes.push(`${sample.question} ${sample.server}: ${doubt}`);
    }
    return notes;
  }
}

/** How many rounds must not be believed, and why; undefined when all may be. */
export function doubtOf({ results }: Sample): string | undefined {
  const bad = results.filter((result) => result.generator.spoiled.length > 0);
  const example = bad.at(-1)?.generator.spoiled.join('; ');
  return example === undefined ? undefined : `${bad.length} of ${results.length} rounds, the last: ${example}`;
}
