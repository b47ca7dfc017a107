import type { ConnectionFact } from './facts.ts';
import type { Org } from './org.ts';
import type { ConnectionSummary } from './resolution.ts';
import type { Team } from './team.ts';

/** A connection's place in the registry: its last version, and the teams that are read over it, which may be there before. */
export class Connection {
  /** Undefined while only its teams are known, and after its deletion; so is its org. */
  summary: ConnectionSummary | undefined;
  org: Org | undefined;
  enabled = false;
  /** In milliseconds since the epoch. */
  slugSince = 0;
  readonly id: string;
  /** By team id. */
  readonly teams = new Map<string, Team>();
  #createdAt = 0;
  #version = -1;

  constructor(id: string) {
    this.id = id;
  }

  /** An id is not used again, so a deletion is final: a version seen before does not bring it back. */
  isNews({ version }: ConnectionFact): boolean {
    return version > this.#version || (version === this.#version && this.summary !== undefined);
  }

  apply(fact: ConnectionFact, org: Org): void {
    this.org = org;
    this.enabled = fact.enabled;
    this.summary = summaryOf(fact);
    this.#version = fact.version;
    this.#createdAt = Date.parse(fact.createdAt);
    this.slugSince = Date.parse(fact.slugSince ?? fact.createdAt);
  }

  delete(): void {
    this.org = undefined;
    this.enabled = false;
    this.summary = undefined;
  }

  /** Older first; of two of one age the lower id. */
  compareAge(other: Connection): number {
    return this.#createdAt - other.#createdAt || (this.id < other.id ? -1 : this.id > other.id ? 1 : 0);
  }
}

// Field by field: the fact may hold a credential, which no answer shows.
function summaryOf(fact: ConnectionFact): ConnectionSummary {
  const { connectionId, sourceOrg, name, slug, enabled, version, createdAt, failover } = fact;
  const summary = { connectionId, sourceOrg, name, slug, enabled, version, createdAt };
  return Object.freeze(failover ? { ...summary, failover } : summary);
}
