import 'reflect-metadata';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import {
  type AlertRecord,
  type Command,
  type Connection,
  type ConnectionReport,
  ConnectionReports,
  Connections,
  type Contract,
  cards,
  type Event,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  PageStates,
  topicDefinitionsOf,
} from '@pagebridge/contracts';
import {
  BatchConsumer,
  type ConsumedRecord,
  createTopics,
  done,
  type KafkaSettings,
  type OutgoingRecord,
  Publisher,
  securityOf,
  TableView,
} from '@pagebridge/kafka';
import {
  CONSUMER_TUNING,
  type ConsumerTuning,
  createApp,
  Health,
  KAFKA_SETTINGS,
  KafkaBatchServer,
  ManagementServer,
  Startup,
} from '@pagebridge/service';
import { testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { alertIdentity, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { aResolve } from '../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import type { PageDeliveryConfig } from './config.ts';
import { PageDeliveryModule } from './page-delivery.module.ts';

const quiet = () => undefined;
const brokers = testBrokers();

const letters = deadLetterTopicOf(PageCommands.card.topic);
/** Whether the Kafka command line tools are available; with an external broker they may not be. */
export const hasKafkaTools = process.env.KAFKA_LIBS !== undefined;

const watched = [PageOutcomes, PageStates, ConnectionReports].map(({ card }) => card.topic).concat(letters);

/** A real Kafka, with the records that page-delivery wrote. Tests share the topics, and use different source orgs. */
export class Bus {
  private readonly outcomes = new Map<string, Event<PageOutcome>[]>();
  private readonly reports = new Map<string, ConnectionReport[]>();
  private readonly states = new Map<string, AlertRecord[]>();
  private readonly letters = new Map<string, ConsumedRecord[]>();
  readonly group = uniqueName('delivery-spec');
  private readonly settings: KafkaSettings;
  private readonly publisher: Publisher;
  private readonly view: TableView;

  constructor() {
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    this.settings = { brokers, clientId: uniqueName('delivery-spec'), security: securityOf(process.env), log };
    this.publisher = new Publisher(this.settings);
    this.view = new TableView(this.settings, { topics: watched, onRecord: (record) => void this.take(record) });
  }

  async start(): Promise<void> {
    await createTopics(this.settings, cards.flatMap(topicDefinitionsOf));
    await this.publisher.start();
    await this.view.start();
    await this.moveToEnd();
  }

  async stop(): Promise<void> {
    await this.view.stop();
    await this.publisher.close();
  }

  write(...records: readonly OutgoingRecord[]): Promise<void> {
    return this.publisher.publish(records);
  }

  /** Limits the size of ledger records on the brokers; undefined restores the default. */
  async boundStates(maxBytes: number | undefined): Promise<void> {
    const { NODE_OPTIONS: _options, KAFKA_LIBS, ...env } = process.env;
    const change =
      maxBytes === undefined
        ? ['--delete-config', 'max.message.bytes']
        : ['--add-config', `max.message.bytes=${maxBytes}`];
    const topic = ['--entity-type', 'topics', '--entity-name', PageStates.card.topic];
    const command = ['kafka.admin.ConfigCommand', '--bootstrap-server', brokers.join(), '--alter', ...topic, ...change];
    await promisify(execFile)('java', ['-cp', `${KAFKA_LIBS}/*`, ...command], { env });
  }

  connect(connection: Connection): Promise<void> {
    const attributes = { id: uniqueName('connection'), source: '/spec', time: new Date().toISOString() };
    return this.write(Connections.encode(connection.connectionId, attributes, connection));
  }

  order(...commands: readonly Command[]): Promise<void> {
    return this.write(...commands.map((command) => commandRecord(command)));
  }

  outcomesOf(pageId: string): PageOutcome[] {
    const events = this.outcomes.get(pageId) ?? [];
    return [...new Map(events.map(({ id, data }) => [id, data])).values()];
  }

  /** Waits for an outcome of a page, and returns it. */
  end(pageId: string, outcome: PageOutcome['outcome']): Promise<PageOutcome> {
    return waitFor(`${pageId} ${outcome}`, () => this.outcomesOf(pageId).find((known) => known.outcome === outcome), {
      lastSeen: () => this.outcomesOf(pageId),
    });
  }

  reportsOf = (connectionId: string) => this.reports.get(connectionId) ?? [];
  statesOf = (sourceOrg: string) => this.states.get(sourceOrg) ?? [];
  deadLetters = (key: string) => this.letters.get(key) ?? [];

  // The topics hold the records of many tests: each record is decoded once at arrival, and not at each query.
  private take(record: ConsumedRecord): void {
    const outcome = eventIn(PageOutcomes, record);
    if (outcome) append(this.outcomes, outcome.data.pageId, outcome);
    const report = eventIn(ConnectionReports, record);
    if (report) append(this.reports, report.data.connectionId, report.data);
    const state = eventIn(PageStates, record);
    if (state) append(this.states, state.data.sourceOrg, state.data);
    if (record.topic === letters) append(this.letters, String(record.key), record);
  }

  // Commits the end offsets, so that the instances of a test read only its own commands.
  private async moveToEnd(): Promise<void> {
    const { partitions } = PageCommands.card;
    const mark = commandRecord(aResolve({ sourceOrg: uniqueName('delivery-mark') }));
    const seen = new Set<number>();
    const consumer = new BatchConsumer(this.settings, {
      group: this.group,
      topics: [PageCommands.card.topic],
      handlers: async ({ partition, records }) => {
        if (records.some(({ key }) => key?.toString() === mark.key)) seen.add(partition);
        return done;
      },
    });
    await consumer.start();
    await this.write(...Array.from({ length: partitions }, (_, partition) => ({ ...mark, partition })));
    await waitFor(`${this.group} at the end`, () => seen.size === partitions, {
      lastSeen: () => seen,
    });
    await consumer.stop();
  }
}

function eventIn<T>(contract: Contract<T>, record: ConsumedRecord): Event<T> | undefined {
  if (record.topic !== contract.card.topic) return undefined;
  const decoded = contract.decode(record);
  return decoded.ok ? decoded.event : undefined;
}

function append<T>(lists: Map<string, T[]>, name: string, item: T): void {
  const list = lists.get(name);
  if (list) list.push(item);
  else lists.set(name, [item]);
}

export const commandRecord = (command: Command, time = new Date().toISOString()) =>
  PageCommands.encode(
    alertIdentity(command.sourceOrg, command.alertKey),
    { id: uniqueName('command'), source: '/pagebridge/page-routing', time },
    command,
  );

export interface Instance {
  health(): ReturnType<Health['report']>;
  metrics(): Promise<string>;
  stop(): Promise<void>;
}

/** Starts an instance of page-delivery like `main.ts`, but in this process and in the given consumer group. */
export async function startDelivery(group: string, its: Partial<PageDeliveryConfig>): Promise<Instance> {
  const app = await createApp(PageDeliveryModule.forRoot({ ...defaults, ...its }));
  app.useLogger(false);
  const managementUrl = await app.get(ManagementServer).listen(0, '127.0.0.1');
  await app.init();
  await app.get(Startup).run();
  const fatal = (error: Error) => {
    throw error;
  };
  const tuning = app.get<ConsumerTuning>(CONSUMER_TUNING, { strict: false });
  const server = new KafkaBatchServer(app.get(KAFKA_SETTINGS), group, tuning, fatal);
  const health = app.get(Health);
  health.watch('kafka', server.parts.kafka);
  app.connectMicroservice({ strategy: server });
  await app.startAllMicroservices();
  return {
    health: () => health.report('ready'),
    metrics: async () => (await fetch(`${managementUrl}/metrics`)).text(),
    stop: () => app.close(),
  };
}

const defaults: PageDeliveryConfig = {
  MANAGEMENT_HOST: '127.0.0.1',
  MANAGEMENT_PORT: 0,
  LOG_LEVEL: 'error',
  KAFKA_BROKERS: brokers.join(),
  KAFKA_MAX_BATCH_MIB: 64,
  START_WAIT_MS: 0,
  STOP_TIMEOUT_MS: 5000,
  DATA_CENTERS: '[]',
  CREDENTIALS_PRIVATE_KEYS: '',
  PAGE_MAX_AGE_MINUTES: 240,
  PAGE_REOPEN_AFTER_MINUTES: 60,
  ACK_POLL_SECONDS: 1,
  STATE_RETENTION_DAYS: 7,
  CONNECTION_GRACE_SECONDS: 2,
  LANE_CONCURRENCY: 4,
  DESTINATION_CONCURRENCY: 16,
  WAITING_MIB: 256,
  IDLE_ALERTS_MIB: 1024,
  // Test, destination and instance share a process on a busy machine: a late answer must not count as lost.
  CALL_TIMEOUT_MS: 10_000,
  RETRY_BASE_SECONDS: 0.1,
  RETRY_CAP_SECONDS: 0.5,
  SESSION_TIMEOUT_MS: 30_000,
};
