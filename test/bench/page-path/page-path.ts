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
import type { Ground } from '../harness/ground.ts';
import { connectionRecord, handleRecords, type Link } from './world.ts';

const atOnce = 5_000;

// A million records may have to be read first, on a machine that does other things as well.
const readyWithinMs = 300_000;

/** page-routing and page-delivery as they are deployed, on a broker of their own, with what others would have published. */
export class PagePath {
  readonly #kafka: KafkaPlace;
  readonly #ground: Ground;
  readonly #keys: SealingKeyFiles;
  readonly #publicKey: SealingKey;
  readonly #dataCenters: readonly DataCenter[];
  readonly #publisher: Publisher;

  static async on(ground: Ground, dataCenters: readonly DataCenter[]): Promise<PagePath> {
    const [kafka, keys] = await Promise.all([ground.kafka(), sealingKeys(ground.folder)]);
    await ground.progress.step('creating the topics from their cards', () => createAllTopics(kafka));
    const publisher = new Publisher(settingsOf(accessTo(kafka, 'admin'), 'bench'));
    await publisher.start();
    return new PagePath(ground, kafka, keys, dataCenters, publisher);
  }

  private constructor(
    ground: Ground,
    kafka: KafkaPlace,
    keys: SealingKeyFiles,
    dataCenters: readonly DataCenter[],
    publisher: Publisher,
  ) {
    this.#kafka = kafka;
    this.#ground = ground;
    this.#keys = keys;
    this.#publicKey = parseSealingKey(readFileSync(keys.publicKey, 'utf8'));
    this.#dataCenters = dataCenters;
    this.#publisher = publisher;
  }

  /** How a program of the benchmark reaches the broker; the administrator may do everything. */
  access = (principal = 'admin'): KafkaAccess => accessTo(this.#kafka, principal);

  /** Publishes connections with their handles. */
  async connect(links: readonly Link[]): Promise<void> {
    const connections = await Promise.all(links.map((link) => connectionRecord(link, this.#publicKey)));
    await this.publish(connections);
    for (const link of links) await this.publish(handleRecords(link));
  }

  /** Writes records of any number, a part at a time. */
  async publish(records: readonly OutgoingRecord[]): Promise<void> {
    for (let from = 0; from < records.length; from += atOnce) {
      await this.#publisher.publish(records.slice(from, from + atOnce));
    }
  }

  /** Disables connections: what waits for them is given up, so that it does not disturb what is measured next. */
  async disconnect(links: readonly Link[]): Promise<void> {
    const off = { enabled: false, version: 2 };
    await this.#publisher.publish(await Promise.all(links.map((link) => connectionRecord(link, this.#publicKey, off))));
  }

  /** Starts a service under the name of its instance; resolves when it is ready. */
  async start(
    name: ServiceName,
    instance: string = name,
    env: Readonly<Record<string, string>> = {},
  ): Promise<LocalProcess> {
    const [callers = 0, management = 0] = await freePorts(2);
    const infrastructure = { ...this.#kafka, databaseUrl: '' };
    const { checkout } = this.#ground;
    const surroundings = { infrastructure, keys: this.#keys, dataCenters: this.#dataCenters, checkout };
    const spec = serviceSpec(name, surroundings, { callers, management });
    return this.#ground.startMeasured({
      ...spec,
      name: instance,
      readyWithinMs,
      env: { ...spec.env, LOG_LEVEL: 'warn', ...env },
    });
  }

  close = (): Promise<void> => this.#publisher.close();
}
