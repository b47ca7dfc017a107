import { handleKey } from '@pagebridge/contracts';
import { namesWithin } from '@pagebridge/vocabulary';
import type { ConnectionFact, DirectoryFact, HandleFact, SourceOrgFact } from './facts.ts';

type Row = HandleFact & { directory: string };
type Seen = { row: Row; connection: ConnectionFact };
type Claim = Seen & { matched: 'exact' | 'qualified' | 'renamed'; since: number | undefined };

/**
 * The simplest implementation of the registry: maps of facts, and a scan for every query. The specs compare the real
 * one with it.
 */
export class NaiveRegistry {
  readonly connections = new Map<string, ConnectionFact>();
  readonly seen = new Map<string, number>();
  readonly handles = new Map<string, Row>();
  readonly orgs = new Map<string, SourceOrgFact>();
  readonly directories = new Map<string, DirectoryFact>();

  applyConnection(id: string, fact: ConnectionFact | null): void {
    if (fact === null) {
      this.connections.delete(id);
      return;
    }
    const seen = this.seen.get(id) ?? -1;
    if (fact.version < seen || (fact.version === seen && !this.connections.has(id))) return;
    this.seen.set(id, fact.version);
    this.connections.set(id, fact);
  }

  applyHandle(directory: string, teamId: string, fact: HandleFact | null): void {
    const key = handleKey(directory, teamId);
    if (fact === null) this.handles.delete(key);
    else this.handles.set(key, { ...fact, directory });
  }

  applySourceOrg(org: string, fact: SourceOrgFact | null): void {
    if (fact === null) this.orgs.delete(org);
    else if (fact.version >= (this.orgs.get(org)?.version ?? -1)) this.orgs.set(org, fact);
  }

  applyDirectory(directory: string, fact: DirectoryFact | null): void {
    if (fact === null) this.directories.delete(directory);
    else this.directories.set(directory, fact);
  }

  fallbackHandleOf(org: string): string | undefined {
    return this.orgs.get(org)?.fallbackHandle;
  }

  connectionsOf(org: string): ConnectionFact[] {
    return [...this.connections.values()].filter((c) => c.sourceOrg === org).sort(byAge);
  }

  connectionsTo(directory: string): ConnectionFact[] {
    return [...this.connections.values()].filter((c) => c.directory === directory).sort(byAge);
  }

  /** Returns whether search shows the teams of the connection. */
  isOffered(connection: ConnectionFact): boolean {
    return connection.enabled && this.isAccepted(connection);
  }

  isAccepted({ directory, connectionId }: ConnectionFact): boolean {
    return !this.directories.get(directory)?.refused.includes(connectionId);
  }

  /** Returns the rows that an org can see, over enabled and disabled connections. */
  rows(org: string, test: (row: Row, connection: ConnectionFact) => boolean): Seen[] {
    return [...this.handles.values()].flatMap((row) =>
      this.connectionsOf(org).flatMap((connection) => {
        const isSeen = row.onCall && connection.directory === row.directory;
        return isSeen && test(row, connection) ? [{ row, connection }] : [];
      }),
    );
  }

  resolve(org: string, mention: string, now: Date): unknown {
    const names = [...namesWithin(mention)];
    const local = names.find((name) => this.isLocal(org, name));
    if (local !== undefined) return { kind: 'local', name: local };
    let best: { name: string; first: Claim; claims: Claim[] } | undefined;
    for (const name of names) {
      const claims = this.claims(org, name, now);
      const [first] = claims;
      if (first && (!best || isPreferred(first, best.first))) best = { name, first, claims };
    }
    if (!best) return { kind: 'unknown' };
    const { name, first, claims } = best;
    const contenders = claims.length > 1 ? claims.map(inWords) : [];
    const { teamId, teamHandle } = first.row;
    const { connectionId } = first.connection;
    if (!first.connection.enabled) return { kind: 'connection-disabled', name, connectionId, contenders };
    return { kind: 'routed', matched: first.matched, name, connectionId, teamId, teamHandle, contenders };
  }

  isLocal(org: string, name: string): boolean {
    return this.orgs.get(org)?.localHandles.includes(name) ?? false;
  }

  /** Returns the claims to a name, the earliest first; if there are none, the teams that gave it up by a rename. */
  claims(org: string, name: string, now: Date): Claim[] {
    const had = (row: Row, wanted: string) =>
      row.formerHandles.some((f) => f.teamHandle === wanted && now < new Date(f.validUntil));
    const claim = (matched: Claim['matched'], since: Claim['since']) => (seen: Seen) => ({ ...seen, matched, since });
    const own = this.rows(org, (row) => row.teamHandle === name);
    const exact = own.map((seen) => claim('exact', shownSince(seen))(seen));

    const slash = name.indexOf('/');
    const slug = slash > 0 ? name.slice(0, slash) : undefined;
    const hadSlug = ({ formerSlugs = [] }: ConnectionFact) =>
      formerSlugs.some((f) => f.slug === slug && now < new Date(f.validUntil));
    const connections = this.connectionsOf(org);
    const holders = connections.filter((c) => c.slug === slug).sort((a, b) => slugSince(a) - slugSince(b));
    const [namespace] = [...holders, ...connections.filter(hadSlug)];
    const rest = name.slice(slash + 1);
    const within = (test: (row: Row) => boolean) => this.rows(org, (row, c) => c === namespace && test(row));
    const present = within((row) => row.teamHandle === rest).map(claim('qualified', namespace && slugSince(namespace)));
    const former = within((row) => had(row, rest)).map(claim('renamed', namespace && slugSince(namespace)));

    const claims = [...exact, ...(present.length > 0 ? present : former)];
    const givenUp = this.rows(org, (row) => had(row, name)).map(claim('renamed', undefined));
    const sorted = (claims.length > 0 ? claims : givenUp).sort(byClaim);
    const isSame = (a: Claim, b: Claim) => a.row === b.row && a.connection === b.connection;
    return sorted.filter((one, i) => sorted.findIndex((other) => isSame(one, other)) === i);
  }
}

const isPreferred = (shorter: Claim, longer: Claim): boolean =>
  shorter.connection !== longer.connection &&
  ((shorter.since ?? Infinity) < (longer.since ?? Infinity) ||
    (shorter.connection.enabled && !longer.connection.enabled));

/** Formats a contender for comparisons in specs. */
export const inWords = ({ row, matched, since, connection }: Claim): string =>
  [connection.connectionId, row.teamId, matched, since, connection.enabled].join(' ');

const firstSeen = (row: Row): number => Date.parse(row.firstSeenAt);
const shownSince = ({ row, connection: { directorySince, createdAt } }: Seen): number =>
  Math.max(firstSeen(row), Date.parse(directorySince ?? createdAt));
const slugSince = (connection: ConnectionFact): number => Date.parse(connection.slugSince ?? connection.createdAt);

const byClaim = (a: Claim, b: Claim): number =>
  (a.since ?? 0) - (b.since ?? 0) ||
  (a.matched === 'exact' ? 1 : 0) - (b.matched === 'exact' ? 1 : 0) ||
  byAge(a.connection, b.connection) ||
  firstSeen(a.row) - firstSeen(b.row) ||
  compare(a.row.teamId, b.row.teamId);

const byAge = (a: ConnectionFact, b: ConnectionFact): number =>
  Date.parse(a.createdAt) - Date.parse(b.createdAt) || compare(a.connectionId, b.connectionId);

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
