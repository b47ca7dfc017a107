import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Connection, Connections, Handles, handleKey } from '@pagebridge/contracts';
import { type OutgoingRecord, Publisher, partitionFor } from '@pagebridge/kafka';
import {
  answersOk,
  call,
  createAllTopics,
  freePort,
  freePorts,
  type KafkaPlace,
  type LocalProcess,
  type SealingKeyFiles,
  type ServiceName,
  sealingKeys,
  serviceSpec,
} from '@pagebridge/local-stack';
import { parseSealingKey, type SealingKey, seal } from '@pagebridge/sealed-credentials';
import { aConnection, aHandle, uniqueName, waitFor } from '@pagebridge/testing';
import { type DataCenter, directoryOf } from '@pagebridge/vocabulary';
import { accessTo, type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import type { Testbed } from '../harness/testbed.ts';
import type { Arrived } from './arrivals.ts';
import type { Pace, Sent } from './paced.ts';
import type { PublishInput } from './programs/publish-alerts.ts';

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

const connectionIdOf = ({ sourceOrg, dataCenter, destinationOrg = onlyOrg }: Omit<Link, 'teams'>): string =>
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
const handleRecords = (link: Link): OutgoingRecord[] => {
  const directory = directoryOfLink(link);
  const partition = partitionFor(directory, Handles.card.partitions);
  return link.teams.map((teamHandle) => {
    const teamId = teamIdOf(teamHandle);
    const handle = aHandle({ directory, teamId, teamHandle, teamName: teamHandle });
    return { ...Handles.encode(handleKey(directory, teamId), attributes, handle), partition };
  });
};

const publishScript = join(import.meta.dirname, 'programs/publish-alerts.ts');

/** Publishes alerts of one source org from its own process; each call, of any Load, fires new monitors unless it names them. */
export class Load {
  readonly #testbed: Testbed;
  readonly #input: Pick<PublishInput, 'kafka' | 'topic' | 'sourceOrg' | 'teams'>;
  readonly #monitor = uniqueName('monitor');
  #count = 0;

  constructor(testbed: Testbed, input: Pick<PublishInput, 'kafka' | 'topic' | 'sourceOrg' | 'teams'>) {
    this.#testbed = testbed;
    this.#input = input;
  }

  /** Resolves when every alert has been acknowledged. */
  publish(
    pace: Pace,
    its: Partial<Pick<PublishInput, 'monitor' | 'transition' | 'characters' | 'subject'>> = {},
  ): Promise<Sent> {
    this.#count += 1;
    const monitor = `${this.#monitor}-${this.#count}`;
    return this.#testbed.run<Sent>(publishScript, { ...this.#input, ...pace, monitor, ...its });
  }
}

/** A program in its own process that counts arriving alerts. */
export class Watched {
  readonly #url: string;

  /** Starts the program; its input contains the port on which it serves the counts. */
  static async start(testbed: Testbed, name: string, receiverScript: string, input: object): Promise<Watched> {
    const controlPort = await freePort();
    const watched = new Watched(`http://127.0.0.1:${controlPort}`);
    await testbed.processes.start({
      name,
      command: process.execPath,
      args: [receiverScript, JSON.stringify({ ...input, controlPort })],
      layer: 2,
      ready: () => answersOk(watched.#url),
    });
    return watched;
  }

  private constructor(url: string) {
    this.#url = url;
  }

  /** Waits until this number has arrived since the last call, and resets the count. */
  async take(count: number): Promise<Arrived> {
    let seen = 0;
    await waitFor(
      `${count} arrivals`,
      async () => {
        seen = (await this.#ask('GET', '/')).count;
        return seen >= count;
      },
      { withinMs: 120_000, everyMs: 100, lastSeen: () => seen },
    );
    const arrived = await this.#ask('GET', '/all');
    await this.#ask('DELETE', '/');
    return arrived;
  }

  async #ask(method: string, path: string): Promise<Arrived> {
    return (await call<Arrived>(method, this.#url + path)).body;
  }
}

const receiverScript = join(import.meta.dirname, 'programs/receiver.ts');

/** The destinations of a benchmark, all in one process, with their arrivals. */
export class Receiver {
  readonly dataCenters: readonly DataCenter[];
  readonly #watched: Watched;

  static async start(testbed: Testbed, dataCenters: number): Promise<Receiver> {
    const ports = await freePorts(dataCenters);
    return new Receiver(await Watched.start(testbed, 'receiver', receiverScript, { ports }), ports);
  }

  private constructor(watched: Watched, ports: readonly number[]) {
    this.#watched = watched;
    this.dataCenters = dataCentersAt(ports);
  }

  /** The URL of a webhook of the first destination. */
  get webhookUrl(): string {
    return `${this.dataCenters[0]?.apiUrl}/webhook`;
  }

  /** Returns connections of this source org to a number of orgs, spread over the data centers, with one team each. */
  linksOf(sourceOrg: string, orgs = this.dataCenters.length): Link[] {
    const keys = { apiKey: 'bench-api-key', applicationKey: 'bench-application-key' };
    return Array.from({ length: orgs }, (_, index) => {
      const { name: dataCenter = '' } = this.dataCenters[index % this.dataCenters.length] ?? {};
      return { sourceOrg, dataCenter, destinationOrg: `org-${index + 1}`, teams: [`org-${index + 1}-core`], ...keys };
    });
  }

  /** Waits until this number of pages has arrived since the last call, and resets the count. */
  take = (count: number): Promise<Arrived> => this.#watched.take(count);
}

/** Returns a data center for each port, D1 and on. */
export const dataCentersAt = (ports: readonly number[]): DataCenter[] =>
  ports.map((port, index) => {
    const url = `http://127.0.0.1:${port}`;
    return {
      name: `D${index + 1}`,
      site: `d${index + 1}.bench`,
      location: 'this machine',
      apiUrl: url,
      pagingUrl: url,
    };
  });

const atOnce = 5_000;

// A start may have to read a million records, on a busy machine.
const readyWithinMs = 300_000;

/** page-routing and page-delivery as deployed, with a private broker and the records that other services would publish. */
export class PagePath {
  readonly #kafka: KafkaPlace;
  readonly #testbed: Testbed;
  readonly #keys: SealingKeyFiles;
  readonly #publicKey: SealingKey;
  readonly #dataCenters: readonly DataCenter[];
  readonly #publisher: Publisher;

  static async on(testbed: Testbed, dataCenters: readonly DataCenter[]): Promise<PagePath> {
    const [kafka, keys] = await Promise.all([testbed.kafka(), sealingKeys(testbed.folder)]);
    await testbed.progress.step('creating the topics from their cards', () => createAllTopics(kafka));
    const publisher = new Publisher(settingsOf(accessTo(kafka, 'admin'), 'bench'));
    await publisher.start();
    return new PagePath(testbed, kafka, keys, dataCenters, publisher);
  }

  private constructor(
    testbed: Testbed,
    kafka: KafkaPlace,
    keys: SealingKeyFiles,
    dataCenters: readonly DataCenter[],
    publisher: Publisher,
  ) {
    this.#kafka = kafka;
    this.#testbed = testbed;
    this.#keys = keys;
    this.#publicKey = parseSealingKey(readFileSync(keys.publicKey, 'utf8'));
    this.#dataCenters = dataCenters;
    this.#publisher = publisher;
  }

  /** Returns the access of a program of the benchmark to the broker; admin has all rights. */
  access = (principal = 'admin'): KafkaAccess => accessTo(this.#kafka, principal);

  /** Returns a sender of alerts of this source org to these teams. */
  load = (sourceOrg: string, teams: readonly string[]): Load =>
    new Load(this.#testbed, { kafka: this.access('alert-producers'), sourceOrg, teams });

  /** Publishes connections and their handles. */
  async connect(links: readonly Link[]): Promise<void> {
    const connections = await Promise.all(links.map((link) => connectionRecord(link, this.#publicKey)));
    await this.publish(connections);
    for (const link of links) await this.publish(handleRecords(link));
  }

  /** Publishes any number of records in parts. */
  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += atOnce) {
      await this.#publisher.publish(records.slice(from, from + atOnce));
    }
  }

  /** Disables connections. Their waiting pages become undeliverable and do not disturb the next measurement. */
  async disconnect(links: readonly Link[]): Promise<void> {
    const off = { enabled: false, version: 2 };
    await this.#publisher.publish(await Promise.all(links.map((link) => connectionRecord(link, this.#publicKey, off))));
  }

  /** Starts an instance of a service under this name; resolves when it is ready. */
  async start(
    name: ServiceName,
    instance: string = name,
    env: Readonly<Record<string, string>> = {},
  ): Promise<LocalProcess> {
    const [callers = 0, management = 0] = await freePorts(2);
    const infrastructure = { ...this.#kafka, databaseUrl: env.DATABASE_URL ?? '' };
    const { checkout } = this.#testbed;
    const dependencies = { infrastructure, keys: this.#keys, dataCenters: this.#dataCenters, checkout };
    const spec = serviceSpec(name, dependencies, { callers, management });
    return this.#testbed.startMeasured({
      ...spec,
      name: instance,
      readyWithinMs,
      env: { ...spec.env, LOG_LEVEL: 'warn', ...env },
    });
  }

  close = (): Promise<void> => this.#publisher.close();
}
