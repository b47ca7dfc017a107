import type { OrgEntry } from './org-entry.ts';
import type { RegistryState } from './registry-state.ts';
import type { ConnectionSummary } from './resolution.ts';

/** A row that a name leads to, over a connection that the org has. */
export interface Match {
  readonly slot: number;
  readonly connection: ConnectionSummary;
}

type Rows = (visit: (slot: number) => void) => void;

/** The enabled (or the disabled) ones of some rows, the older connection first, then by team id; no row twice. */
export function usable(state: RegistryState, org: OrgEntry, rows: Rows, enabled: boolean): Match[] {
  const found: Match[] = [];
  rows((slot) => {
    const entry = state.connectionOf(slot);
    // A row says itself which org it is for; only if its connection agrees is it that org's to see.
    if (!entry.summary || !entry.isOf(org.id) || entry.summary.enabled !== enabled) return;
    if (!found.some((match) => match.slot === slot)) found.push({ slot, connection: entry.summary });
  });
  if (found.length > 1) {
    found.sort(
      (a, b) =>
        state.connectionOf(a.slot).compareAge(state.connectionOf(b.slot)) ||
        (state.rows.teamIdOf(a.slot) < state.rows.teamIdOf(b.slot) ? -1 : 1),
    );
  }
  return found;
}

/** Rows whose present handle is this name. */
export const withHandle =
  (state: RegistryState, org: OrgEntry, name: string): Rows =>
  (visit) => {
    for (const slot of state.rows.withHandle(org.number, name)) visit(slot);
  };

/** Rows that had this name and are in their grace period. */
export const formerly =
  (org: OrgEntry, name: string, now: Date): Rows =>
  (visit) =>
    org.formerHandles.within(name, now.getTime(), visit);

/** Only those rows that belong to one connection. */
export const over =
  (state: RegistryState, connectionId: string, rows: Rows): Rows =>
  (visit) =>
    rows((slot) => {
      if (state.connectionOf(slot).id === connectionId) visit(slot);
    });

/** `<slug>/<team handle>` taken apart, where the org has a connection of that slug. */
export function qualification(org: OrgEntry, name: string): { connectionId: string; rest: string } | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return undefined;
  const entry = org.withSlug(name.slice(0, slash));
  return entry && { connectionId: entry.id, rest: name.slice(slash + 1) };
}

/** The ids of the other connections among the matches, oldest first. */
export const ambiguousWith = (matches: readonly Match[]): string[] => {
  const ids = new Set(matches.map((match) => match.connection.connectionId));
  const [first] = matches;
  if (first) ids.delete(first.connection.connectionId);
  return [...ids];
};
