/**
 * Instants in a database of this family are texts in local time, `2026-11-28 18:42:00`, as its other programs write and
 * read them: all that share a database must run in one time zone. UTC is the one without hours that occur twice.
 */
const textPattern = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2}):(\d{2})(?:\.\d+)?$/;

/** Instants repeat: all that is refreshed in one second expires in one second. Two hours of them, twice. */
const maxKept = 16_384;

/** Formats and reads instants, and remembers those that it has met. */
export class LocalTime {
  readonly #texts = new Map<number, string>();
  readonly #instants = new Map<string, number | undefined>();

  /** @param seconds since the epoch */
  text(seconds: number): string {
    const known = this.#texts.get(seconds);
    if (known !== undefined) return known;
    if (this.#texts.size >= maxKept) this.#texts.clear();
    const text = formatLocal(seconds);
    this.#texts.set(seconds, text);
    return text;
  }

  /** @returns seconds since the epoch; undefined when the text is no instant */
  seconds(text: string): number | undefined {
    const known = this.#instants.get(text);
    if (known !== undefined) return known;
    if (this.#instants.size >= maxKept) this.#instants.clear();
    const seconds = parseLocal(text);
    this.#instants.set(text, seconds);
    return seconds;
  }
}

/** @param seconds since the epoch */
export function formatLocal(seconds: number): string {
  const date = new Date(seconds * 1000);
  const day = `${pad(date.getFullYear(), 4)}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${pad(date.getHours())}:${pad(date.getMinutes())}:${pad(date.getSeconds())}`;
}

/**
 * Reads such a text.
 *
 * @returns seconds since the epoch; undefined when it is no instant
 */
export function parseLocal(text: string): number | undefined {
  const match = textPattern.exec(text);
  if (!match) return undefined;
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [number, ...number[]];
  const date = new Date(year, (month ?? 0) - 1, day, hour, minute, second);
  // What the calendar has not, such as the 31st of June, would have become another day.
  const isReal = date.getMonth() + 1 === month && date.getDate() === day && (second ?? 60) < 60 && (minute ?? 60) < 60;
  return isReal ? Math.floor(date.getTime() / 1000) : undefined;
}

function pad(number: number, length = 2): string {
  return String(number).padStart(length, '0');
}
