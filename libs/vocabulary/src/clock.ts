/** Time, so that tests need not wait for it. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment, whatever the clock is set to meanwhile: for how long something is to last. */
  elapsedMs(): number;
  /** Runs once after so many milliseconds, unless cancelled by what it returns. */
  after(ms: number, run: () => void): () => void;
  /** Resolves after so many milliseconds; rejects once the signal is aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
