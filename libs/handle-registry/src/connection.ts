import type { Directory } from './directory.ts';
import type { ConnectionFact } from './facts.ts';
import type { Org } from './org.ts';
import type { ConnectionSummary } from './resolution.ts';

/** The latest version of a connection, linked to its org and to the directory that it reads. */
export class Connection {
  /** Undefined after the connection was deleted, like `org` and `directory`. */
  summary: ConnectionSummary | undefined;
  org: Org | undefined;
  directory: Directory | undefined;
  /** `slugSince` and `directorySince` are in milliseconds since the epoch. */
  slugSince = 0;
  directorySince = 0;
  readonly id: string;
  #formerSlugs: ConnectionFact['formerSlugs'];
  #createdAt = 0;
  #version = -1;

  constructor(id: string) {
    this.id = id;
  }

  get enabled(): boolean {
    return this.summary?.enabled === true;
  }

  /** Whether the destination accepts its credential, as far as is known. Otherwise its org reads nothing more over it. */
  get isAccepted(): boolean {
    return this.directory?.accepts(this) === true;
  }

  /** Returns whether the fact is newer. Ids are not reused, so only a higher version is newer than a deletion. */
  isNewer({ version }: ConnectionFact): boolean {
    return version > this.#version || (version === this.#version && this.summary !== undefined);
  }

  apply(fact: ConnectionFact, org: Org, directory: Directory): void {
    this.delete();
    this.summary = summaryOf(fact);
    this.slugSince = Date.parse(fact.slugSince ?? fact.createdAt);
    this.directorySince = Date.parse(fact.directorySince ?? fact.createdAt);
    this.#formerSlugs = fact.formerSlugs;
    this.#createdAt = Date.parse(fact.createdAt);
    this.#version = fact.version;
    [this.org, this.directory] = [org, directory];
    directory.connections.add(this);
    org.addConnection(this);
  }

  delete(): void {
    this.org?.deleteConnection(this);
    this.directory?.connections.delete(this);
    [this.summary, this.org, this.directory] = [undefined, undefined, undefined];
  }

  /** Returns whether the connection had this slug and its grace period has not ended. */
  hadSlug(slug: string, now: Date): boolean {
    const former = this.#formerSlugs?.find((other) => other.slug === slug);
    return former !== undefined && now.getTime() < Date.parse(former.validUntil);
  }

  /** Sorts older connections first; connections of the same age by id. */
  compareAge(other: Connection): number {
    return this.#createdAt - other.#createdAt || (this.id < other.id ? -1 : this.id > other.id ? 1 : 0);
  }
}

// Field by field: the fact may have a credential, which must not be in any answer.
function summaryOf(fact: ConnectionFact): ConnectionSummary {
  const { connectionId, sourceOrg, name, slug, directory, enabled, deleting, failover } = fact;
  const summary = { connectionId, sourceOrg, name, slug, directory, enabled };
  return Object.freeze({ ...summary, ...(deleting ? { deleting } : {}), ...(failover ? { failover } : {}) });
}
