import { createHash } from 'node:crypto';
import { type Connection, Connections, Handles, handleKey } from '@pagebridge/contracts';
import { type OutgoingRecord, partitionFor } from '@pagebridge/kafka';
import { type SealingKey, seal } from '@pagebridge/sealed-credentials';
import { aConnection, aHandle } from '@pagebridge/testing';
import { directoryOf } from '@pagebridge/vocabulary';

/** A source org's right to page the teams of one destination; its other fields derive from the names. */
export interface Link {
  readonly sourceOrg: string;
  readonly dataCenter: string;
  /** One of several orgs of the data center; by default there is one. */
  readonly destinationOrg?: string;
  /** Handles without `@oncall-`. */
  readonly teams: readonly string[];
  readonly apiKey: string;
  readonly applicationKey: string;
}

const onlyOrg = 'destination';
const attributes = { id: 'bench', source: '/bench', time: '2026-01-01T00:00:00.000Z' };

/** Returns a UUID that derives from the names, so that a repeated record is equal. */
export function uuidOf(...names: readonly string[]): string {
  const hex = createHash('sha1').update(names.join('\n')).digest('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), `5${hex.slice(13, 16)}`, `8${hex.slice(17, 20)}`, hex.slice(20, 32)].join(
    '-',
  );
}

export const connectionIdOf = ({ sourceOrg, dataCenter, destinationOrg = onlyOrg }: Omit<Link, 'teams'>): string =>
  uuidOf('connection', sourceOrg, dataCenter, destinationOrg);

/** Returns the directory of a link. Each source org has the application keys of its own service account. */
const directoryOfLink = (link: Omit<Link, 'teams'>): string => {
  const { sourceOrg, dataCenter, destinationOrg = onlyOrg } = link;
  return directoryOf(dataCenter, destinationOrg, uuidOf('account', sourceOrg), connectionIdOf(link));
};

/** Returns a team's id, the same in every destination. */
export const teamIdOf = (handle: string): string => uuidOf('team', handle);

/** Returns the connection as connection-management publishes it; a later version replaces an earlier one. */
export async function connectionRecord(
  link: Link,
  publicKey: SealingKey,
  its: Partial<Pick<Connection, 'enabled' | 'version' | 'directory' | 'destinationOrg'>> = {},
): Promise<OutgoingRecord> {
  const { sourceOrg, dataCenter, destinationOrg: id = onlyOrg, apiKey, applicationKey } = link;
  const connectionId = connectionIdOf(link);
  const { destinationOrg = { id, name: id }, directory = directoryOfLink(link) } = its;
  const binding = { connectionId, sourceOrg, dataCenter, destinationOrg };
  const sealed = await seal(publicKey, binding, { apiKey, applicationKey });
  const credential = { sealed, revision: 1, checkedAt: attributes.time };
  const slug = `${dataCenter}-${id}`.toLowerCase();
  const names = { connectionId, sourceOrg, name: slug, slug, dataCenter, destinationOrg, directory };
  const connection = aConnection({ ...names, credential, ...its });
  return Connections.encode(connectionId, attributes, connection);
}

/** Returns the handles of the link's teams as handle-sync publishes them. */
export const handleRecords = (link: Link): OutgoingRecord[] => {
  const directory = directoryOfLink(link);
  const partition = partitionFor(directory, Handles.card.partitions);
  return link.teams.map((teamHandle) => {
    const teamId = teamIdOf(teamHandle);
    const handle = aHandle({ directory, teamId, teamHandle, teamName: teamHandle });
    return { ...Handles.encode(handleKey(directory, teamId), attributes, handle), partition };
  });
};
