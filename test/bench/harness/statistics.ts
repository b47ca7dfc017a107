/** Returns the median, or the mean of the two middle values. Throws RangeError without values. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)];
  const lower = sorted[Math.ceil(sorted.length / 2) - 1];
  if (upper === undefined || lower === undefined) throw new RangeError('no values, no median');
  return (lower + upper) / 2;
}

/** Returns the smallest value that the share `fraction` does not exceed (nearest rank). `sorted` ascends and is not empty. */
export function percentile(sorted: ArrayLike<number>, fraction: number): number {
  const rank = Math.min(sorted.length, Math.max(1, Math.ceil(fraction * sorted.length)));
  const value = sorted[rank - 1];
  if (value === undefined) throw new RangeError('no values, no percentile');
  return value;
}

/** Returns the latencies of one run as figures. */
export function latencyFigures(milliseconds: readonly number[]): {
  readonly p50Ms: number;
  readonly p99Ms: number;
  readonly p999Ms: number;
} {
  const sorted = Float64Array.from(milliseconds).sort();
  return {
    p50Ms: percentile(sorted, 0.5),
    p99Ms: percentile(sorted, 0.99),
    p999Ms: percentile(sorted, 0.999),
  };
}

/** Returns the rate a second of events at these times over the middle 80 %: neither a slow start nor a late end counts. */
export function middleRate(atMs: readonly number[]): number {
  const sorted = Float64Array.from(atMs).sort();
  return (0.8 * sorted.length * 1000) / (percentile(sorted, 0.9) - percentile(sorted, 0.1));
}

/** Rounds to four significant digits: more would be noise. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
