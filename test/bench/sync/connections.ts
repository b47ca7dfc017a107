import { readFileSync } from 'node:fs';
import { Connections, type OutgoingRecord } from '@pagebridge/contracts';
import { parseSealingKey, type SealingKey, seal } from '@pagebridge/sealed-credentials';
import { aConnection } from '@pagebridge/testing';
import { uuidOf } from '../page-path/world.ts';
import { keysOfEach, type Org } from './destinations.ts';

const time = '2026-01-01T00:00:00.000Z';

/** A connection: its source org, and the destination's key that it uses. */
interface Place {
  readonly sourceOrg: string;
  readonly org: Org;
  readonly applicationKey: string;
}

/** Returns the name of the nth source org, counted from 0. */
export const sourceOrgOf = (n: number): string => `source-org-${n + 1}`;

/**
 * Returns one connection for each key of the destinations, with different source orgs where possible.
 *
 * A source org pages fifty destinations, or all if there are fewer; no two of its connections lead to the same one.
 */
export function placesAmong(orgs: readonly Org[]): Place[] {
  const perSource = Math.min(keysOfEach, orgs.length);
  const sources = (orgs.length * keysOfEach) / perSource;
  const dealt = new Map<Org, number>();
  return Array.from({ length: sources * perSource }, (_, index) => {
    const source = Math.floor(index / perSource);
    const org = orgs[(source + (index % perSource)) % orgs.length];
    if (!org) throw new RangeError('no destinations, no connections');
    const key = dealt.get(org) ?? 0;
    dealt.set(org, key + 1);
    return { sourceOrg: sourceOrgOf(source), org, applicationKey: org.applicationKeys[key] ?? '' };
  });
}

/** Returns the connections as connection-management publishes them. */
export function connectionRecords(places: readonly Place[], publicKeyFile: string): Promise<OutgoingRecord[]> {
  const publicKey = parseSealingKey(readFileSync(publicKeyFile, 'utf8'));
  return Promise.all(places.map((place) => recordOf(place, publicKey)));
}

async function recordOf({ sourceOrg, org: its, applicationKey }: Place, publicKey: SealingKey) {
  const { dataCenter, org: destinationOrg, directory, apiKey } = its;
  const connectionId = uuidOf('connection', sourceOrg, directory);
  const binding = { connectionId, sourceOrg, dataCenter: dataCenter.name, destinationOrg };
  const sealed = await seal(publicKey, binding, { apiKey, applicationKey });
  const [name, slug] = [destinationOrg.name, destinationOrg.name];
  const names = { connectionId, sourceOrg, name, slug, dataCenter: dataCenter.name, destinationOrg, directory };
  const credential = { sealed, revision: 1, checkedAt: time };
  const connection = aConnection({ ...names, credential, createdAt: time });
  return Connections.encode(connectionId, { id: connectionId, source: '/bench', time }, connection);
}
