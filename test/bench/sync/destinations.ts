import { readFileSync } from 'node:fs';
import { openDestination } from '@pagebridge/destination';
import type { OutgoingRecord } from '@pagebridge/kafka';
import { call, freePort, startSandbox } from '@pagebridge/local-stack';
import { parseSealingKey, type SealingKey } from '@pagebridge/sealed-credentials';
import { type DataCenter, directoryOf } from '@pagebridge/vocabulary';
import type { Testbed } from '../harness/testbed.ts';
import { connectionRecord } from '../page-path/page-path.ts';

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

function recordOf({ sourceOrg, org, applicationKey }: Place, publicKey: SealingKey): Promise<OutgoingRecord> {
  const { dataCenter, org: destinationOrg, directory, apiKey } = org;
  const link = {
    sourceOrg,
    dataCenter: dataCenter.name,
    destinationOrg: destinationOrg.id,
    teams: [],
    apiKey,
    applicationKey,
  };
  return connectionRecord(link, publicKey, { directory, destinationOrg });
}

/** The number of application keys of each destination, each for another source org. */
export const keysOfEach = 50;
/** The number of teams of each destination that have no routing rules yet. */
const dormantOfEach = 20;
const perMinute = 300;

export const dormantHandle = (n: number): string => `dormant-${String(n + 1).padStart(2, '0')}`;
export const onCallHandle = (n: number): string => `team-${String(n + 1).padStart(4, '0')}`;

/** A destination org with the service account that pages it. */
export interface Org {
  readonly dataCenter: DataCenter;
  readonly org: { readonly id: string; readonly name: string };
  readonly directory: string;
  readonly controlUrl: string;
  readonly apiKey: string;
  readonly applicationKeys: readonly string[];
}

interface Started {
  readonly org: { readonly controlUrl: string };
  readonly dataCenter: DataCenter;
  readonly credentials: {
    readonly apiKey: string;
    readonly applicationKeys: Readonly<Record<string, { readonly key: string }>>;
  };
}

/** The calls to one destination since its start, and how many of them were answered 429. */
export interface Calls {
  readonly calls: number;
  readonly rateLimited: number;
}

/** The destination orgs of one sandbox; each of their endpoints allows 300 calls a minute. */
export class Destinations {
  readonly orgs: readonly Org[];
  readonly #control: string;

  static async start(testbed: Testbed, count: number, teamsOfEach: number): Promise<Destinations> {
    const port = await freePort();
    await startSandbox(testbed.processes, [], port);
    const control = `http://127.0.0.1:${port}`;
    const orgs: Org[] = [];
    for (let n = 1; n <= count; n += 1) orgs.push(await started(control, n, teamsOfEach));
    return new Destinations(control, orgs);
  }

  private constructor(control: string, orgs: readonly Org[]) {
    this.#control = control;
    this.orgs = orgs;
  }

  /** Returns the calls by the name of the org. */
  async calls(): Promise<ReadonlyMap<string, Calls>> {
    const counts = (await call<(Calls & { readonly org: string })[]>('GET', `${this.#control}/calls`)).body;
    const sums = new Map(this.orgs.map(({ org }) => [org.name, { calls: 0, rateLimited: 0 }]));
    for (const { org, calls, rateLimited } of counts) {
      const sum = sums.get(org);
      if (!sum) continue;
      sum.calls += calls;
      sum.rateLimited += rateLimited;
    }
    return sums;
  }
}

async function started(control: string, n: number, teams: number): Promise<Org> {
  const { org, dataCenter, credentials } = await asked<Started>('POST', `${control}/orgs`, {
    org: `destination-${n}`,
    dataCenter: `D${n}`,
    teams: Array.from({ length: dormantOfEach }, (_, index) => ({ handle: dormantHandle(index), onCall: false })),
    teamCount: teams - dormantOfEach,
    serviceAccountCount: 1,
    applicationKeyCount: keysOfEach,
    rateLimits: { everyEndpoint: { limit: perMinute, periodSeconds: 60 } },
  });
  const { apiKey } = credentials;
  const applicationKeys = Object.entries(credentials.applicationKeys).flatMap(([name, { key }]) =>
    name.startsWith('key-') ? [key] : [],
  );
  const [applicationKey = ''] = applicationKeys;
  const answer = await openDestination({ dataCenter, credential: { apiKey, applicationKey } }).currentUser();
  if (!answer.ok) throw new Error(`destination-${n} does not say whose key it is: ${answer.failure.detail}`);
  const { id: account, org: its } = answer.value;
  const directory = directoryOf(dataCenter.name, its.id, account, '');
  return { dataCenter, org: its, directory, controlUrl: org.controlUrl, apiKey, applicationKeys };
}

/** Calls the control API; throws for an error. */
export async function asked<Body>(method: string, url: string, body: unknown): Promise<Body> {
  const answer = await call<Body>(method, url, body);
  if (answer.status >= 400) throw new Error(`${method} ${url}: ${JSON.stringify(answer.body)}`);
  return answer.body;
}
