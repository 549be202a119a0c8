/** `npm run soak` sets SOAK: the same tests, long. Each number can be given by itself as well. */
const isSoak = process.env.SOAK !== undefined;

function effort(name: string, bounded: number, soak: number): number {
  return Number(process.env[name] ?? (isSoak ? soak : bounded));
}

/** How often something is broken. */
export const rounds = effort('SOAK_ROUNDS', 2, 10);

/** How many addresses-of-record there are under load. */
export const users = effort('SOAK_USERS', 500, 20_000);

/** How many requests change one address-of-record at the same time. */
export const requests = effort('SOAK_REQUESTS', 300, 1_000);

/** How long a database stays away, and how long a load goes on where that matters. */
export const seconds = effort('SOAK_SECONDS', 2, 30);

/** What a random choice is drawn from. */
export const seed = Number(process.env.AORTA_SEED ?? 20_261_128);
