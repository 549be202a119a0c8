import type { Writable } from 'node:stream';

/** What a command writes, no faster than it is read. */
export class Output {
  readonly #stream: Writable;
  #error: NodeJS.ErrnoException | undefined;

  constructor(stream: Writable) {
    this.#stream = stream;
    this.#error = undefined;
    stream.on('error', (error) => {
      this.#error ??= error;
    });
  }

  /** Why nothing more can be written: `EPIPE` when nobody reads any more. */
  get error(): NodeJS.ErrnoException | undefined {
    return this.#error;
  }

  /** Writes, and waits until it has left. Whether it arrived, `error` says. */
  async write(text: string): Promise<void> {
    if (this.#error !== undefined || text === '') return;
    await new Promise<void>((resolve) => {
      this.#stream.write(text, (error) => {
        this.#error ??= error ?? undefined;
        resolve();
      });
    });
  }
}

/** Control characters, which a text of a phone must not send to a terminal. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controls = /[\x00-\x1f\x7f-\x9f]/g;

/** A line of a message. */
export function messageLine(text: string): string {
  return `${text.replace(controls, (control) => `\\x${control.charCodeAt(0).toString(16).padStart(2, '0')}`)}\n`;
}

/** `1 row`, `2 rows`. */
export function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
