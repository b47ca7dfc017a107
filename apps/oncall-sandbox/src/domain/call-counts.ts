/** The number of calls to one endpoint in one minute, and how many of them were answered 429. */
export interface CallCount {
  readonly minute: Date;
  readonly endpoint: string;
  readonly calls: number;
  readonly rateLimited: number;
}

const minuteMs = 60_000;
const keptMinutes = 180;

/** Counts calls by endpoint and minute; keeps the last 180 minutes with calls. */
export class CallCounts {
  readonly #minutes = new Map<number, Map<string, { calls: number; rateLimited: number }>>();

  called(endpoint: string, at: Date): void {
    this.#of(endpoint, at).calls += 1;
  }

  /** Counts a 429; `at` is when the call arrived. */
  rateLimited(endpoint: string, at: Date): void {
    this.#of(endpoint, at).rateLimited += 1;
  }

  all(): CallCount[] {
    return [...this.#minutes].flatMap(([minute, counts]) =>
      [...counts].map(([endpoint, count]) => ({ minute: new Date(minute * minuteMs), endpoint, ...count })),
    );
  }

  clear(): void {
    this.#minutes.clear();
  }

  #of(endpoint: string, at: Date) {
    const minute = Math.floor(at.getTime() / minuteMs);
    const counts = this.#minutes.get(minute) ?? this.#begin(minute);
    const count = counts.get(endpoint) ?? { calls: 0, rateLimited: 0 };
    counts.set(endpoint, count);
    return count;
  }

  #begin(minute: number) {
    const [oldest] = this.#minutes.keys();
    if (oldest !== undefined && this.#minutes.size >= keptMinutes) this.#minutes.delete(oldest);
    const counts = new Map<string, { calls: number; rateLimited: number }>();
    this.#minutes.set(minute, counts);
    return counts;
  }
}
