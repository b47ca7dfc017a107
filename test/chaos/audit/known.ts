import type { Connection, Handle, PageCommand } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import type { History, Noted } from './history.ts';

/** A team of a connection. */
export type KnownTeam = Pick<PageCommand, 'connectionId' | 'teamId'>;

/** What the page path was told of connections and teams from the first alert to the last. */
export class Known {
  readonly #disabled = new Set<string>();
  readonly #deleted = new Set<string>();
  readonly #teams = new Map<string, KnownTeam>();
  readonly #since = new Map<string, number>();

  constructor({ connections, handles, alerts }: History) {
    for (const { key, data } of connections) {
      if (!data) this.#deleted.add(key);
      else if (!data.enabled) this.#disabled.add(key);
    }
    const readers = steadyReaders(connections);
    const firstAlertAt = Math.min(...alerts.map(({ timestamp }) => timestamp));
    for (const records of Map.groupBy(handles, ({ key }) => key).values()) {
      const team = unchanged(records);
      if (!team) continue;
      const { directory, teamId, teamHandle } = team.data;
      for (const { connectionId, sourceOrg, since } of readers.get(directory) ?? []) {
        const name = `${sourceOrg} ${handleOf(teamHandle)}`;
        this.#since.set(name, Math.max(team.timestamp, since));
        if (Math.max(team.timestamp, since) < firstAlertAt) this.#teams.set(name, { connectionId, teamId });
      }
    }
  }

  /** The team that this handle meant all the time; undefined where that changed, or may have. */
  teamOf(sourceOrg: string, handle: string): KnownTeam | undefined {
    return this.#teams.get(`${sourceOrg} ${handle}`);
  }

  /** Since when this handle has meant one team over one connection, without a break until the end, in milliseconds. */
  knownSince(sourceOrg: string, handle: string): number | undefined {
    return this.#since.get(`${sourceOrg} ${handle}`);
  }

  /** Was there a time when this was a reason not to call over the connection, or to end what was open over it? */
  explains(connectionId: string, reason: string | undefined): boolean {
    if (reason === 'connection-disabled') return this.#disabled.has(connectionId);
    const isOfDeletion = reason === 'connection-unknown' || reason === 'connection-deleted';
    return isOfDeletion && this.#deleted.has(connectionId);
  }
}

/** A connection that was never disabled or deleted and always read one directory, since it was made. */
type SteadyReader = Pick<Connection, 'connectionId' | 'sourceOrg' | 'directory'> & { readonly since: number };

/** By the directory that they read. */
export const steadyReaders = (connections: readonly Noted<Connection>[]): ReadonlyMap<string, SteadyReader[]> =>
  Map.groupBy(
    [...Map.groupBy(connections, ({ key }) => key).values()].flatMap(steadyReader),
    ({ directory }) => directory,
  );

function steadyReader(records: readonly Noted<Connection>[]): SteadyReader[] {
  const [first] = records;
  const isSteady = records.every(({ data }) => data?.enabled && data.directory === first?.data?.directory);
  if (!isSteady || !first?.data) return [];
  const { connectionId, sourceOrg, directory } = first.data;
  return [{ connectionId, sourceOrg, directory, since: first.timestamp }];
}

function unchanged<Data extends Pick<Handle, 'teamHandle' | 'onCall'>>(
  records: readonly Noted<Data>[],
): Required<Noted<Data>> | undefined {
  const [first] = records;
  if (!first?.data) return undefined;
  const { key, timestamp, data } = first;
  const isSteady = records.every((record) => record.data?.onCall && record.data.teamHandle === data.teamHandle);
  return isSteady ? { key, timestamp, data } : undefined;
}
