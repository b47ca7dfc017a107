import type { Connection, Handle, PageCommand } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import type { History, TableRecord } from './history.ts';

/** A team of a connection. */
export type KnownTeam = Pick<PageCommand, 'connectionId' | 'teamId'>;

/** The states of connections and teams during the run, by the compacted topics. */
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
    const firstAlertAt = firstAt(alerts);
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

  /** Returns the team of this handle if it was the same during the whole run; else undefined. */
  teamOf(sourceOrg: string, handle: string): KnownTeam | undefined {
    return this.#teams.get(`${sourceOrg} ${handle}`);
  }

  /** Returns the time in milliseconds since which this handle has meant one team over one connection until the end. */
  knownSince(sourceOrg: string, handle: string): number | undefined {
    return this.#since.get(`${sourceOrg} ${handle}`);
  }

  /** Returns whether this reason for ending a page over the connection was ever valid. */
  explains(connectionId: string, reason: string | undefined): boolean {
    if (reason === 'connection-disabled') return this.#disabled.has(connectionId);
    const isOfDeletion = reason === 'connection-unknown' || reason === 'connection-deleted';
    return isOfDeletion && this.#deleted.has(connectionId);
  }
}

/** Returns the time of the first of these records; infinite without any. */
export const firstAt = (entries: readonly { readonly timestamp: number }[]): number =>
  entries.reduce((first, { timestamp }) => Math.min(first, timestamp), Number.POSITIVE_INFINITY);

/** A connection that was never disabled or deleted and always had the same directory. */
type SteadyReader = Pick<Connection, 'connectionId' | 'sourceOrg' | 'directory'> & { readonly since: number };

/** Groups the connections by directory. */
export const steadyReaders = (connections: readonly TableRecord<Connection>[]): ReadonlyMap<string, SteadyReader[]> =>
  Map.groupBy(
    [...Map.groupBy(connections, ({ key }) => key).values()].flatMap(steadyReader),
    ({ directory }) => directory,
  );

function steadyReader(records: readonly TableRecord<Connection>[]): SteadyReader[] {
  const [first] = records;
  const isSteady = records.every(({ data }) => data?.enabled && data.directory === first?.data?.directory);
  if (!isSteady || !first?.data) return [];
  const { connectionId, sourceOrg, directory } = first.data;
  return [{ connectionId, sourceOrg, directory, since: first.timestamp }];
}

function unchanged<Data extends Pick<Handle, 'teamHandle' | 'onCall'>>(
  records: readonly TableRecord<Data>[],
): Required<TableRecord<Data>> | undefined {
  const [first] = records;
  if (!first?.data) return undefined;
  const { key, timestamp, data } = first;
  const isSteady = records.every((record) => record.data?.onCall && record.data.teamHandle === data.teamHandle);
  return isSteady ? { key, timestamp, data } : undefined;
}
