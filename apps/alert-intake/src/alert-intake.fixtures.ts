import 'reflect-metadata';
import {
  type AccessToken,
  AccessTokenUses,
  type Alert,
  Alerts,
  Audit,
  type AuditRecord,
  cards,
  type Event,
  type Integration,
  type OutgoingRecord,
  orgAlertsCard,
  orgAlertTopicOf,
  type RefusedAlert,
  RefusedAlerts,
  SourceOrgs,
  topicDefinitionsOf,
} from '@pagebridge/contracts';
import {
  type ConsumedRecord,
  createTopics,
  type KafkaSettings,
  Publisher,
  securityOf,
  TableView,
} from '@pagebridge/kafka';
import { createApp, Startup } from '@pagebridge/service';
import { anIntegrationWithToken, configWithoutKafka, testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { AlertIntakeModule } from './alert-intake.module.ts';
import type { AlertIntakeConfig } from './config.ts';

const quiet = () => undefined;
const attributes = { id: 'spec', source: '/spec', time: '2026-01-01T00:00:00Z' };

export interface Seen extends Event<Alert> {
  readonly topic: string;
}

/** A real Kafka with the alerts that instances write to it. Tests share the topics, and use different orgs. */
export class Bus {
  private readonly seen = new Map<string, Seen[]>();
  readonly refused: RefusedAlert[] = [];
  readonly audited: AuditRecord[] = [];
  /** What the use of tokens says was refused, with the orgs of the tokens. */
  readonly refusals: (readonly [string, string])[] = [];
  /** How many alerts of an org named no handle, as the use of its tokens says. */
  readonly withoutHandle = new Map<string, number>();
  private readonly settings: KafkaSettings;
  private readonly publisher: Publisher;
  private readonly views: TableView[] = [];

  constructor() {
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    this.settings = {
      brokers: testBrokers(),
      clientId: uniqueName('intake-spec'),
      security: securityOf(process.env),
      log,
    };
    this.publisher = new Publisher(this.settings);
  }

  async start(): Promise<void> {
    await createTopics(this.settings, cards.flatMap(topicDefinitionsOf));
    await this.publisher.start();
    await this.read(Alerts.card.topic);
    await this.read(RefusedAlerts.card.topic);
    await this.read(AccessTokenUses.card.topic);
    await this.read(Audit.card.topic);
  }

  async stop(): Promise<void> {
    await Promise.all(this.views.map((view) => view.stop()));
    await this.publisher.close();
  }

  /** Makes an integration, as connection-management does, and returns a token of it. */
  async integrate(its: Partial<Integration>, ofToken: Partial<AccessToken> = {}): Promise<string> {
    const { token, records } = anIntegrationWithToken({ sourceOrg: uniqueName('intake'), ...its }, ofToken);
    await this.publisher.publish(records);
    return token;
  }

  write = (...records: readonly OutgoingRecord[]): Promise<void> => this.publisher.publish(records);

  /** Gives an org a topic of its own, with these settings of the broker, and reads it. */
  async giveTopic(sourceOrg: string, its: Readonly<Record<string, string>> = {}): Promise<void> {
    const definitions = topicDefinitionsOf(orgAlertsCard(sourceOrg));
    await createTopics(
      this.settings,
      definitions.map(({ config, ...rest }) => ({ ...rest, config: { ...config, ...its } })),
    );
    const alertTopicSince = new Date().toISOString();
    const settings = { sourceOrg, localHandles: [], alertTopic: 'own' as const, alertTopicSince, version: 1 };
    await this.write(SourceOrgs.encode(sourceOrg, attributes, settings));
    await this.read(orgAlertTopicOf(sourceOrg));
  }

  alertsOf = (sourceOrg: string): readonly Seen[] => this.seen.get(sourceOrg) ?? [];

  /** Resolves with this many alerts of an org, once they are there. */
  async alerts(sourceOrg: string, many: number): Promise<readonly Seen[]> {
    await waitFor(`${many} alerts`, () => this.alertsOf(sourceOrg).length >= many, {
      lastSeen: () => this.alertsOf(sourceOrg),
    });
    return this.alertsOf(sourceOrg);
  }

  private async read(topic: string): Promise<void> {
    const view = new TableView(this.settings, { topics: [topic], onRecord: (record) => void this.keep(record) });
    this.views.push(view);
    await view.start();
  }

  private keep(record: ConsumedRecord): void {
    const refused = RefusedAlerts.decode(record);
    if (refused.ok) this.refused.push(refused.event.data);
    const audited = Audit.decode(record);
    if (audited.ok) this.audited.push(audited.event.data);
    const use = AccessTokenUses.decode(record);
    if (use.ok && use.event.data.refusal !== undefined)
      this.refusals.push([use.event.data.sourceOrg, use.event.data.refusal]);
    if (use.ok && use.event.data.withoutHandle !== undefined)
      this.withoutHandle.set(use.event.data.sourceOrg, use.event.data.withoutHandle);
    const decoded = Alerts.decode(record);
    if (!decoded.ok) return;
    const { sourceOrg } = decoded.event.data;
    const before = this.seen.get(sourceOrg) ?? [];
    this.seen.set(sourceOrg, [...before, { ...decoded.event, topic: record.topic }]);
  }
}

/** Starts an instance as `main.ts` does, in this process. */
export async function startIntake(its: Partial<AlertIntakeConfig> = {}) {
  const config = {
    ...configWithoutKafka,
    ACCESS_TOKENS: 'on' as const,
    KAFKA_BROKERS: testBrokers().join(),
    KNOWN_ALERTS: 1_000_000,
    ...its,
  };
  const app = await createApp(AlertIntakeModule.forRoot(config));
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  await app.get(Startup).run();
  return { app, url: await app.getUrl() };
}
