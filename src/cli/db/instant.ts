/** An instant in UTC, ISO 8601. Fractions of a second are taken and mean nothing. */
const pattern = /^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2})(?:\.\d{1,9})?Z$/;

const end = Date.UTC(10_000, 0);

/**
 * An instant as text: `2026-11-28T18:42:00Z`.
 *
 * @param instant epoch milliseconds
 * @returns undefined for what is not in the years 0 to 9999
 */
export function instantText(instant: number): string | undefined {
  if (!(instant < end)) return undefined;
  const text = Number.isNaN(new Date(instant).getTime()) ? '-' : new Date(instant).toISOString();
  return text.startsWith('-') ? undefined : `${text.slice(0, 19)}Z`;
}

/** @returns epoch milliseconds of the whole second; undefined for what is no such text, or not in the calendar */
export function parseInstant(text: string): number | undefined {
  const seconds = pattern.exec(text)?.[1];
  if (seconds === undefined) return undefined;
  const instant = Date.parse(`${seconds}Z`);
  return instantText(instant) === `${seconds}Z` ? instant : undefined;
}
