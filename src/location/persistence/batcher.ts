/** How a `Batcher` gathers. */
export interface BatcherOptions {
  /** Requests of one call at the most. */
  readonly maxSize: number;
  /** Calls under way at the most. */
  readonly maxUnderWay: number;
}

interface Waiting<Request, Answer> {
  readonly request: Request;
  readonly resolve: (answer: Answer) => void;
  readonly reject: (error: unknown) => void;
}

/** Puts requests that come at the same time, or while enough calls are under way, into one call. */
export class Batcher<Request, Answer> {
  readonly #run: (requests: readonly Request[]) => Promise<readonly Answer[]>;
  readonly #options: BatcherOptions;
  #waiting: Waiting<Request, Answer>[];
  #underWay: number;
  #isPlanned: boolean;

  /** @param run answers requests in their order */
  constructor(run: (requests: readonly Request[]) => Promise<readonly Answer[]>, options: BatcherOptions) {
    this.#run = run;
    this.#options = options;
    this.#waiting = [];
    this.#underWay = 0;
    this.#isPlanned = false;
  }

  /** How many requests wait for a call. */
  get waiting(): number {
    return this.#waiting.length;
  }

  ask(request: Request): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ request, resolve, reject });
      if (this.#isPlanned) return;
      this.#isPlanned = true;
      queueMicrotask(() => {
        this.#isPlanned = false;
        this.#begin();
      });
    });
  }

  #begin(): void {
    while (this.#waiting.length > 0 && this.#underWay < this.#options.maxUnderWay) {
      const batch = this.#waiting.splice(0, this.#options.maxSize);
      this.#underWay += 1;
      this.#run(batch.map(({ request }) => request)).then(
        (answers) => {
          for (const [index, { resolve }] of batch.entries()) resolve(answers[index] as Answer);
          this.#ended();
        },
        (error: unknown) => {
          for (const { reject } of batch) reject(error);
          this.#ended();
        },
      );
    }
  }

  #ended(): void {
    this.#underWay -= 1;
    this.#begin();
  }
}
