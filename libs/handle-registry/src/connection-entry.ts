import type { ConnectionFact } from './facts.ts';
import type { ConnectionSummary } from './resolution.ts';

/** A connection's place in the registry; without a summary while only its handles are known, or after its deletion. */
export class ConnectionEntry {
  summary: ConnectionSummary | undefined;
  /** In milliseconds since the epoch. */
  slugSince = 0;
  #createdAtMs = 0;
  #version = -1;

  constructor(
    readonly id: string,
    readonly number: number,
  ) {}

  /** False, and nothing changes, for a version older than one seen. An id is not used again, so a deletion is final. */
  apply(fact: ConnectionFact): boolean {
    if (fact.version < this.#version || (!this.summary && fact.version === this.#version)) return false;
    const { sourceOrg, name, slug, enabled, version, createdAt, slugSince = createdAt, failover } = fact;
    this.#version = version;
    this.#createdAtMs = Date.parse(createdAt);
    this.slugSince = Date.parse(slugSince);
    this.summary = Object.freeze({
      connectionId: this.id,
      sourceOrg,
      name,
      slug,
      enabled,
      version,
      createdAt,
      ...(failover ? { failover } : {}),
    });
    return true;
  }

  delete(): void {
    this.summary = undefined;
  }

  isOf(sourceOrg: string): boolean {
    return this.summary?.sourceOrg === sourceOrg;
  }

  /** Older first; of two of one age the lower id. */
  compareAge(other: ConnectionEntry): number {
    return this.#createdAtMs - other.#createdAtMs || (this.id < other.id ? -1 : this.id > other.id ? 1 : 0);
  }
}
