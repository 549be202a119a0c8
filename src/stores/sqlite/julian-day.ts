/**
 * Instants in SQLite files of this family are Julian days, as real numbers: days since noon of the first day of 4714 BC
 * by our calendar, in UTC. The columns are declared TIMESTAMP, which is how other programs know them. Kamailio writes
 * half a second less than it means; what is read allows for that.
 */
const epochDay = 2_440_587.5;
const secondsOfDay = 86_400;

/** @param seconds since the epoch */
export function julianDay(seconds: number): number {
  return seconds / secondsOfDay + epochDay;
}

/** @returns seconds since the epoch */
export function secondsOfJulianDay(day: number): number {
  // Plus zero: no -0 for the epoch.
  return Math.round((day - epochDay) * secondsOfDay + 0.25) + 0;
}

/** The instant by which a permanent binding is known: the epoch, to the last bit as Kamailio writes it. */
export const permanentDay = epochDay - 0.5 / secondsOfDay;
