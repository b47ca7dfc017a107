import type { ConnectionFact, HandleFact, SourceOrgFact } from './facts.ts';
import { nearestTo } from './nearest.ts';
import { RegistryState } from './registry-state.ts';
import type {
  Conflict,
  ConnectionSummary,
  Nearest,
  OverConnection,
  Resolution,
  SearchHit,
  Sizes,
} from './resolution.ts';
import { plainName, resolve, teamOver } from './resolve.ts';
import { conflicts, search } from './search.ts';

/**
 * Which teams each source org can page: an in-memory index of connections, handles and source orgs' settings.
 *
 * Facts may come in any order between topics: handles before their connection stay hidden until it comes. Within a topic
 * the last fact of a key stands; of connections and settings an older version is ignored (handles carry none, and their
 * times come from the clocks of several processes, so there the order of the topic counts). Every question names a source
 * org and is answered from that org's own connections. No I/O, no clock.
 */
export class HandleRegistry {
  readonly #state = new RegistryState();

  /** Null deletes the connection and hides its handles; a deleted id does not come back with a version seen before. */
  applyConnection(connectionId: string, connection: ConnectionFact | null): void {
    this.#state.applyConnection(connectionId, connection);
  }

  /** `key` is `<connection id>/<team id>`, which alone identifies the row; null removes it. */
  applyHandle(key: string, handle: HandleFact | null): void {
    const slash = key.indexOf('/');
    if (slash < 0) throw new RangeError('a handle key is <connection id>/<team id>');
    this.#state.applyHandle(key.slice(0, slash), key.slice(slash + 1), handle);
  }

  applySourceOrg(sourceOrg: string, settings: SourceOrgFact | null): void {
    this.#state.applySourceOrg(sourceOrg, settings);
  }

  /** What the text after `@oncall-` means to an org; see `resolve.ts` for the order. */
  resolve(sourceOrg: string, mention: string, now: Date): Resolution {
    return resolve(this.#state, sourceOrg, mention, now);
  }

  /** What a team handle, neither qualified nor with punctuation, means over one connection of an org. */
  teamOver(sourceOrg: string, connectionId: string, teamHandle: string, now: Date): OverConnection {
    return teamOver(this.#state, sourceOrg, connectionId, teamHandle, now);
  }

  /** The handle that the org settled for mentions that nothing matches; it may itself lead nowhere. */
  fallbackHandleOf(sourceOrg: string): string | undefined {
    return this.#state.org(sourceOrg)?.fallbackHandle;
  }

  nearest(sourceOrg: string, name: string): Nearest | undefined {
    const org = this.#state.org(sourceOrg);
    return org && nearestTo(this.#state, org, plainName(name));
  }

  search(sourceOrg: string, query: string, limit: number, now: Date): SearchHit[] {
    return search(this.#state, sourceOrg, query, limit, now);
  }

  conflicts(sourceOrg: string, now: Date): Conflict[] {
    return conflicts(this.#state, sourceOrg, now);
  }

  /** Enabled or not, oldest first. */
  connectionsOf(sourceOrg: string): ConnectionSummary[] {
    const entries = this.#state.org(sourceOrg)?.connections ?? [];
    return entries.flatMap(({ summary }) => (summary ? [summary] : []));
  }

  get sizes(): Sizes {
    const { orgs, rows } = this.#state;
    const count = (of: (org: (typeof orgs)[number]) => number) => orgs.reduce((sum, org) => sum + of(org), 0);
    return {
      sourceOrgs: orgs.filter((org) => org.connections.length > 0).length,
      connections: count((org) => org.connections.length),
      handles: rows.size,
      formerHandles: count((org) => org.formerHandles.size),
      bytes: rows.bytes,
    };
  }
}
