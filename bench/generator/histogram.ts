const SUB_BITS = 7; // 128 steps per power of two: a value is kept within 0.8 %
const SUB_COUNT = 1 << SUB_BITS;
const UNITS_PER_US = 10;
const MAX_UNITS = 2 ** 31 - 1;
const BUCKETS = (32 - SUB_BITS) * SUB_COUNT;

/** Latencies in microseconds. */
export interface LatencySummary {
  readonly count: number;
  readonly mean: number;
  readonly p50: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** Counts durations in buckets of constant relative width (0.8 %), from 0.1 µs to 214 s. Allocates nothing. */
export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #count = 0;
  #sumUs = 0;
  #maxUs = 0;

  /** Counts one duration, in milliseconds. */
  record(durationMs: number): void {
    const us = durationMs > 0 ? durationMs * 1000 : 0;
    const bucket = bucketOf(Math.min(MAX_UNITS, us * UNITS_PER_US) | 0);
    this.#counts[bucket] = (this.#counts[bucket] as number) + 1;
    this.#count++;
    this.#sumUs += us;
    if (us > this.#maxUs) this.#maxUs = us;
  }

  reset(): void {
    this.#counts.fill(0);
    this.#count = 0;
    this.#sumUs = 0;
    this.#maxUs = 0;
  }

  /** The duration in microseconds that `fraction` of all did not exceed; 0 when none was counted. */
  quantile(fraction: number): number {
    const wanted = Math.max(1, Math.ceil(this.#count * fraction));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket++) {
      seen += this.#counts[bucket] as number;
      if (seen >= wanted) return Math.min(this.#maxUs, upperEdgeOf(bucket) / UNITS_PER_US);
    }
    return this.#maxUs;
  }

  summary(): LatencySummary {
    return {
      count: this.#count,
      mean: this.#count === 0 ? 0 : this.#sumUs / this.#count,
      p50: this.quantile(0.5),
      p99: this.quantile(0.99),
      p999: this.quantile(0.999),
      max: this.#maxUs,
    };
  }
}

function bucketOf(units: number): number {
  if (units < SUB_COUNT) return units;
  const shift = 31 - Math.clz32(units) - SUB_BITS;
  return shift * SUB_COUNT + (units >>> shift);
}

function upperEdgeOf(bucket: number): number {
  if (bucket < 2 * SUB_COUNT) return bucket + 1;
  const shift = Math.floor(bucket / SUB_COUNT) - 1;
  return (bucket - shift * SUB_COUNT + 1) * 2 ** shift;
}
