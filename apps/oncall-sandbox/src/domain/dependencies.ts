/** The clock and the random generator of an org. */
export interface Dependencies {
  now(): Date;
  pause(ms: number): Promise<void>;
  uuid(): string;
  /** Returns random hexadecimal characters for a key. */
  secret(length: number): string;
}
