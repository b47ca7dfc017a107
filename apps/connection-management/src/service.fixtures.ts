import type { Provider } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { cards, type IncomingRecord, topicDefinitionsOf } from '@pagebridge/contracts';
import { migrate } from '@pagebridge/database';
import { type ConsumedRecord, createTopics, type KafkaSettings, securityOf, TableView } from '@pagebridge/kafka';
import { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { generateSealingKey, KeyRing } from '@pagebridge/sealed-credentials';
import {
  createApp,
  Health,
  KAFKA_SETTINGS,
  KafkaBatchServer,
  loadConfig,
  ManagementServer,
  Startup,
} from '@pagebridge/service';
import { OwnDatabase, uniqueName, unlimited, waitFor } from '@pagebridge/testing';
import { connectionManagementConfig } from './config.ts';
import { ConnectionManagementModule } from './connection-management.module.ts';
import { DocumentedAnswers } from './documented.fixtures.ts';
import { openApi } from './inbound/open-api.ts';
import { schema } from './outbound/persistence/schema.ts';

const required = (name: string): string => {
  const value = process.env[name];
  if (!value)
    throw new Error(`${name} is not set: integration tests need a running Kafka and MariaDB; run npm run stack`);
  return value;
};

export const silent = { debug() {}, info() {}, warn() {}, error() {} };
export const kafkaSettings = (clientId: string): KafkaSettings => ({
  brokers: required('KAFKA_BROKERS').split(','),
  security: securityOf(process.env),
  clientId,
  log: silent,
});

export const ownDatabase = () => new OwnDatabase((url) => migrate({ url }, schema, () => undefined));

/** Creates the topics of the contracts that are missing. */
export const createAllTopics = () => createTopics(kafkaSettings('cm-test'), cards.flatMap(topicDefinitionsOf));

/** Reads everything on some topics, from their beginning. */
export class TopicReader {
  readonly records: ConsumedRecord[] = [];
  private readonly view: TableView;

  constructor(topics: readonly string[]) {
    this.view = new TableView(kafkaSettings(uniqueName('cm-reader')), {
      topics,
      onRecord: (record) => void this.records.push(record),
    });
  }

  start = (): Promise<void> => this.view.start();
  stop = (): Promise<void> => this.view.stop();

  of(topic: string, key: string): ConsumedRecord[] {
    return this.records.filter((record) => record.topic === topic && record.key?.toString() === key);
  }

  /** Waits until a key has this number of records, or more: the outbox may publish a record twice. */
  count(topic: string, key: string, records: number): Promise<unknown> {
    return waitFor(`${records} records of ${key} on ${topic}`, () => this.of(topic, key).length >= records);
  }

  /** Returns the data of the last event of a key that satisfies a condition, once there is one. */
  next<T>(
    contract: { card: { topic: string }; decode: (record: IncomingRecord) => { ok: boolean; event?: { data: T } } },
    key: string,
    condition: (data: T) => boolean = () => true,
  ): Promise<T> {
    return waitFor(`a record of ${key} on ${contract.card.topic}`, () => {
      const data = this.of(contract.card.topic, key).map((record) => contract.decode(record).event?.data);
      return data.findLast((it): it is T & NonNullable<unknown> => it !== undefined && condition(it as T));
    });
  }
}

const { publicKey, privateKey } = await generateSealingKey();
export const ring = new KeyRing([privateKey]);

/** Keys that the destination of a running service accepts. */
export const good = { apiKey: 'canary-api-key-000001', applicationKey: 'ddapp_canary-application-000002' };

/** The whole service in this process, on the real database and Kafka, with its own destination. */
export class RunningService {
  readonly database = ownDatabase();
  destination!: SandboxOrg;
  url = '';
  managementUrl = '';
  /** The address at which the service finds its database, if it is not the server itself. */
  databaseUrl: string | undefined;
  /** The address at which the service finds Kafka. */
  brokers = required('KAFKA_BROKERS');
  /** Replacements for providers of the service. */
  overrides: readonly Provider[] = [];
  private app: NestExpressApplication | undefined;
  private documented: DocumentedAnswers | undefined;

  /** `env`: additional variables; by default no rate limit affects a suite. */
  constructor(private readonly env: Readonly<Record<string, string>> = unlimited) {}

  async start(): Promise<void> {
    this.destination = await SandboxOrg.start({ dataCenter: 'TEST1', teams: [{ handle: 'core-infra' }], ...good });
    await Promise.all([this.database.create(), createAllTopics()]);
    await this.run();
  }

  async run(): Promise<void> {
    const config = loadConfig(connectionManagementConfig, {
      KAFKA_BROKERS: this.brokers,
      DATABASE_URL: this.databaseUrl ?? this.database.url,
      DATA_CENTERS: JSON.stringify([this.destination.dataCenter]),
      CREDENTIALS_PUBLIC_KEY: JSON.stringify(publicKey),
      ACCESS: 'off',
      ACCESS_TOKENS: 'on',
      LOG_LEVEL: 'debug',
      CHECK_WAIT_MS: '5000',
      ...this.env,
    });
    const module = ConnectionManagementModule.forRoot(config);
    const app = await createApp({ ...module, providers: [...(module.providers ?? []), ...this.overrides] }, openApi);
    this.app = app;
    await app.listen(0, '127.0.0.1');
    this.url = await app.getUrl();
    this.documented ??= await DocumentedAnswers.of(this.url);
    this.managementUrl = await app.get(ManagementServer).listen(0, '127.0.0.1');
    const startup = app.get(Startup);
    app.get(Health).watch('startup', startup);
    await startup.run(config.START_WAIT_MS);
    const fail = (error: Error) => {
      throw error;
    };
    // A separate consumer group: other runs against the same broker must not take its partitions.
    const server = new KafkaBatchServer(app.get(KAFKA_SETTINGS), uniqueName('connection-management'), {}, fail);
    app.connectMicroservice({ strategy: server });
    await app.startAllMicroservices();
  }

  async close(): Promise<void> {
    await this.app?.close();
  }

  async stop(): Promise<void> {
    await this.close();
    await this.destination.stop();
    await this.database.drop();
  }

  /** Sends JSON, and parses the body of the answer if there is one. Throws if no document names the answer. */
  async send(
    method: string,
    path: string,
    body?: unknown,
    headers: Record<string, string> = {},
  ): Promise<{ status: number; etag: string; headers: Headers; body: Record<string, unknown>; text: string }> {
    const json = body === undefined ? {} : { 'content-type': 'application/json' };
    const response = await fetch(`${this.url}${path}`, {
      method,
      headers: { ...json, ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    });
    const text = await response.text();
    const answer = text ? JSON.parse(text) : {};
    this.documented?.expect(method, path, response.status, answer);
    return {
      status: response.status,
      etag: response.headers.get('etag') ?? '',
      headers: response.headers,
      body: answer,
      text,
    };
  }
}
