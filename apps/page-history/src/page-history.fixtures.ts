import type { NestExpressApplication } from '@nestjs/platform-express';
import { Alerts, cards, type OutgoingRecord, topicDefinitionsOf } from '@pagebridge/contracts';
import { migrate } from '@pagebridge/database';
import { createTopics, type KafkaSettings, Publisher, securityOf } from '@pagebridge/kafka';
import { createApp, loadConfig, Startup } from '@pagebridge/service';
import { OwnDatabase, testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { pageHistoryConfig } from './config.ts';
import { openApi } from './open-api.ts';
import { PageHistoryModule } from './page-history.module.ts';
import { schema } from './rows/schema.ts';

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/** A real Kafka with the topics of Pagebridge, on which specs write what the services write. */
export class Bus {
  readonly settings: KafkaSettings = {
    brokers: testBrokers(),
    security: securityOf(process.env),
    clientId: uniqueName('history-spec'),
    log: silent,
  };
  private readonly publisher = new Publisher(this.settings);

  async start(): Promise<void> {
    await createTopics(this.settings, cards.flatMap(topicDefinitionsOf));
    await this.publisher.start();
  }

  write = (...records: readonly OutgoingRecord[]): Promise<void> => this.publisher.publish(records);
  stop = (): Promise<void> => this.publisher.close();
}

/** The service in this process, on a database of its own. */
export class RunningHistory {
  readonly database = new OwnDatabase((url) => migrate({ url }, schema, () => undefined));
  url = '';
  private app: NestExpressApplication | undefined;

  async start(variables: Readonly<Record<string, string>> = {}): Promise<void> {
    const config = loadConfig(pageHistoryConfig, {
      ...{ HOST: '127.0.0.1', PORT: '1', MANAGEMENT_PORT: '1', ACCESS: 'off', LOG_LEVEL: 'error' },
      ...{ KAFKA_BROKERS: testBrokers().join(','), DATABASE_URL: this.database.url },
      ...variables,
    });
    this.app = await createApp(PageHistoryModule.forRoot(config), openApi);
    this.app.useLogger(false);
    await this.app.get(Startup).run(120_000);
    await this.app.listen(0, '127.0.0.1');
    this.url = await this.app.getUrl();
  }

  async stop(): Promise<void> {
    await this.app?.close();
    this.app = undefined;
  }

  async get<Answer>(path: string): Promise<{ readonly status: number; readonly body: Answer }> {
    const response = await fetch(`${this.url}/v1/source-orgs/${path}`);
    return { status: response.status, body: (await response.json()) as Answer };
  }

  async post<Answer>(path: string, body: object): Promise<{ readonly status: number; readonly body: Answer }> {
    const headers = { 'content-type': 'application/json' };
    const request = { method: 'POST', headers, body: JSON.stringify(body) };
    const response = await fetch(`${this.url}/v1/source-orgs/${path}`, request);
    return { status: response.status, body: (await response.json()) as Answer };
  }

  /** Waits until a record of this topic is stored. */
  async stored(topic: string): Promise<void> {
    const query = 'SELECT COUNT(*) AS count FROM records WHERE topic = ?';
    await waitFor(
      `a record of ${topic}`,
      async () => Number((await this.database.query<{ count: number }>(query, [topic]))[0]?.count) > 0,
    );
  }

  /** Waits until everything is stored that was written before this call. */
  async caughtUp(): Promise<void> {
    const since = Date.now();
    await waitFor('the history to catch up', async () => {
      const { body } = await this.get<{ asOf: string | null; lag: unknown[] }>('any/trace?alertKey=none');
      return body.asOf !== null && Date.parse(body.asOf) > since && body.lag.length === 0;
    });
  }
}

export const alertTopic = Alerts.card.topic;
