import { parseBlankedDecimal } from '../decimal.ts';

/** The largest lifetime: larger numbers become this one and never wrap (decision 11). */
export const maxDeltaSeconds = 2 ** 31 - 1;

/**
 * Parses delta-seconds (RFC 3261 §25.1), with blanks around them.
 * @returns seconds, at most `maxDeltaSeconds`; undefined when the text is anything but digits
 */
export function parseDeltaSeconds(text: string): number | undefined {
  const seconds = parseBlankedDecimal(text, maxDeltaSeconds);
  return seconds < 0 ? undefined : seconds;
}
