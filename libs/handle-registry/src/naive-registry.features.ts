import { namesWithin } from '@pagebridge/vocabulary';
import type { ConnectionFact, HandleFact, SourceOrgFact } from './facts.ts';

type Row = HandleFact & { connectionId: string; teamId: string };

/** The registry as one would first write it: maps of facts, every question a scan. The specs' measure of the real one. */
export class NaiveRegistry {
  readonly connections = new Map<string, ConnectionFact>();
  readonly seen = new Map<string, number>();
  readonly handles = new Map<string, Row>();
  readonly orgs = new Map<string, SourceOrgFact>();

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

  applyHandle(key: string, fact: HandleFact | null): void {
    const [connectionId = '', teamId = ''] = key.split('/');
    if (fact === null) this.handles.delete(key);
    else this.handles.set(key, { ...fact, connectionId, teamId });
  }

  applySourceOrg(org: string, fact: SourceOrgFact | null): void {
    if (fact === null) this.orgs.delete(org);
    else if (fact.version >= (this.orgs.get(org)?.version ?? -1)) this.orgs.set(org, fact);
  }

  fallbackHandleOf(org: string): string | undefined {
    return this.orgs.get(org)?.fallbackHandle;
  }

  connectionsOf(org: string): ConnectionFact[] {
    return [...this.connections.values()].filter((c) => c.sourceOrg === org).sort(byAge);
  }

  rows(org: string, enabled: boolean, test: (row: Row, connection: ConnectionFact) => boolean) {
    return [...this.handles.values()]
      .flatMap((row) => {
        const connection = this.connections.get(row.connectionId);
        const isOurs = row.sourceOrg === org && connection?.sourceOrg === org && connection.enabled === enabled;
        return isOurs && test(row, connection) ? [{ row, connection }] : [];
      })
      .sort((a, b) => byAge(a.connection, b.connection) || compare(a.row.teamId, b.row.teamId));
  }

  resolve(org: string, mention: string, now: Date): unknown {
    for (const name of namesWithin(mention)) {
      if (this.orgs.get(org)?.localHandles.includes(name)) return { kind: 'local', name };
      const match = this.match(org, name, now, true);
      if (match) return { kind: 'routed', name, ...match };
    }
    for (const name of namesWithin(mention)) {
      const match = this.match(org, name, now, false);
      if (match) return { kind: 'connection-disabled', name, connectionId: match.connectionId };
    }
    return { kind: 'unknown' };
  }

  private match(org: string, name: string, now: Date, enabled: boolean) {
    const slash = name.indexOf('/');
    const named = this.connectionsOf(org).filter((c) => slash > 0 && c.slug === name.slice(0, slash));
    const qualifier = named.find((c) => c.enabled) ?? named[0];
    const rest = name.slice(slash + 1);
    const had = (row: Row, wanted: string) =>
      row.formerHandles.some((f) => f.teamHandle === wanted && now < new Date(f.validUntil));
    const kinds = [
      ['exact', (row: Row) => row.teamHandle === name],
      ['qualified', (row: Row, c: ConnectionFact) => c === qualifier && row.teamHandle === rest],
      ['renamed', (row: Row) => had(row, name)],
      ['renamed', (row: Row, c: ConnectionFact) => c === qualifier && had(row, rest)],
    ] as const;
    for (const [matched, test] of kinds) {
      const [first, ...others] = this.rows(org, enabled, test);
      if (!first) continue;
      const { connectionId, teamId, teamHandle } = first.row;
      const ambiguousWith = [...new Set(others.map((o) => o.row.connectionId))].filter((id) => id !== connectionId);
      return { matched, connectionId, teamId, teamHandle, ambiguousWith };
    }
    return undefined;
  }
}

const byAge = (a: ConnectionFact, b: ConnectionFact): number =>
  Date.parse(a.createdAt) - Date.parse(b.createdAt) || compare(a.connectionId, b.connectionId);

const compare = (a: string, b: string): number => (a === b ? 0 : a < b ? -1 : 1);
