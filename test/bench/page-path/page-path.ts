import { readFileSync } from 'node:fs';
import { type OutgoingRecord, Publisher } from '@pagebridge/kafka';
import {
  createAllTopics,
  freePorts,
  type KafkaPlace,
  type LocalProcess,
  type SealingKeyFiles,
  type ServiceName,
  sealingKeys,
  serviceSpec,
} from '@pagebridge/local-stack';
import { parseSealingKey, type SealingKey } from '@pagebridge/sealed-credentials';
import type { DataCenter } from '@pagebridge/vocabulary';
import { accessTo, type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import type { Testbed } from '../harness/testbed.ts';
import { Load } from './load.ts';
import { connectionRecord, handleRecords, type Link } from './world.ts';

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
