/** The interface to time, which tests replace so that they need not wait. */
export interface Clock {
  now(): Date;
  /** Returns monotonic milliseconds, for measuring durations: changes of the wall clock do not affect it. */
  elapsedMs(): number;
  /** Calls `run` once after `ms` milliseconds. Returns a function that cancels the call. */
  after(ms: number, run: () => void): () => void;
  /** Resolves after `ms` milliseconds; rejects as soon as the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
