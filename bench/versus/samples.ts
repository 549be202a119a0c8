import type { JobResult } from '../generator/job.ts';
import type { ServerKind } from '../servers/catalog.ts';
import { median } from '../subject.ts';

/** The results of all rounds, by question and server. */
export class Samples {
  readonly #results = new Map<string, JobResult[]>();
  readonly #memory = new Map<ServerKind, number>();

  add(question: string, server: ServerKind, result: JobResult): void {
    const key = `${question} ${server}`;
    const results = this.#results.get(key);
    if (results === undefined) this.#results.set(key, [result]);
    else results.push(result);
  }

  /** Notes the bytes that a contact took in the largest table. */
  addMemory(server: ServerKind, bytesPerContact: number): void {
    this.#memory.set(server, bytesPerContact);
  }

  memory(server: ServerKind): number {
    return this.#memory.get(server) ?? Number.NaN;
  }

  /** The median over the rounds; NaN when the server was not asked. */
  middle(question: string, server: ServerKind, pick: (result: JobResult) => number): number {
    return median((this.#results.get(`${question} ${server}`) ?? []).map(pick));
  }

  /** Why rounds must not be believed: reason without its numbers, question and server, and how many rounds. */
  spoiled(): readonly string[] {
    const notes: string[] = [];
    for (const [key, results] of this.#results) {
      const bad = results.filter((result) => result.generator.spoiled.length > 0);
      const example = bad.at(-1)?.generator.spoiled.join('; ');
      if (example !== undefined) notes.push(`${key}: ${bad.length} of ${results.length} rounds, the last: ${example}`);
    }
    return notes;
  }
}
