const WORDS_PER_BUCKET = 16; // a cache line
const TURNS = 1_000_000;
const LOCK = 0;

/** Memory for so many buckets, each with a lock. */
export function bucketMemory(buckets: number): SharedArrayBuffer {
  return new SharedArrayBuffer(buckets * WORDS_PER_BUCKET * 4);
}

/** Locks a bucket, changes some words as a refresh does, unlocks it, over and over; nanoseconds each. */
export function lockLoop(memory: SharedArrayBuffer): number {
  const words = new Int32Array(memory);
  const buckets = words.length / WORDS_PER_BUCKET;
  let random = performance.now() | 1;
  const startedAt = performance.now();
  for (let turn = 0; turn < TURNS; turn++) {
    random = (Math.imul(random, 1_664_525) + 1_013_904_223) | 0;
    const start = ((random >>> 8) % buckets) * WORDS_PER_BUCKET;
    while (Atomics.compareExchange(words, start + LOCK, 0, 1) !== 0);
    for (let i = 1; i <= 8; i++) words[start + i] = (words[start + i] as number) + 1; // inside of the bucket
    Atomics.store(words, start + LOCK, 0);
  }
  return ((performance.now() - startedAt) / TURNS) * 1e6;
}
