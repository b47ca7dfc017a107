/** What an org takes from outside: the time, and what nobody can guess. */
export interface Surroundings {
  now(): Date;
  pause(ms: number): Promise<void>;
  uuid(): string;
  /** Hexadecimal characters fit for a key. */
  secret(length: number): string;
}
