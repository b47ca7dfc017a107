import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Connections, SourceOrgs, SyncRequests } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { type KafkaSettings, Publisher, requireTopics } from '@pagebridge/kafka';
import { Health, KAFKA_SETTINGS, Startup } from '@pagebridge/service';
import { Registry } from 'prom-client';
import { DataSource } from 'typeorm';
import type { Config } from '../config.ts';
import { CONFIG } from '../tokens.ts';
import { connect, requireMigrations } from './database.ts';
import { OutboxMetrics } from './outbox-metrics.ts';
import { OutboxRelay } from './outbox-relay.ts';
import { openRelaySession } from './relay-session.ts';

const publishedTopics = [Connections, SourceOrgs, SyncRequests].map(({ card }) => card);

/** Connects this service to its database and to Kafka before it works, and lets go of both after. */
@Injectable()
export class Runtime implements OnApplicationShutdown {
  private readonly publisher: Publisher;
  private readonly relay: OutboxRelay;

  constructor(
    @Inject(CONFIG) private readonly config: Config,
    @Inject(KAFKA_SETTINGS) private readonly kafka: KafkaSettings,
    private readonly dataSource: DataSource,
    startup: Startup,
    health: Health,
    registry: Registry,
  ) {
    const metrics = new OutboxMetrics(registry, kafka.log);
    this.publisher = new Publisher(kafka, { deliveryTimeoutMs: 10_000, maxRecordBytes: 1_000_000 });
    this.relay = new OutboxRelay({
      openSession: () => openRelaySession(config.DATABASE_URL),
      publish: (records) => this.publisher.publish(records),
      observer: metrics,
      pollMs: config.OUTBOX_POLL_MS,
      takeoverMs: this.publisher.spentAfterMs,
    });
    startup.before('connecting to the database', () => this.connectDatabase());
    startup.before('connecting to Kafka', () => this.connectKafka());
    health.addReady('database', () => metrics.database());
  }

  /** Called after each commit that queued an event. */
  nudge = (): void => this.relay.nudge();

  private async connectDatabase(): Promise<void> {
    await connect(this.dataSource, this.config.DATABASE_URL);
    await requireMigrations(this.dataSource, this.config.DATABASE_URL);
  }

  private async connectKafka(): Promise<void> {
    const partitions = Object.fromEntries(publishedTopics.map((card) => [card.topic, card.partitions]));
    await requireTopics(this.kafka, Object.keys(partitions), partitions);
    await this.publisher.start();
    this.relay.start();
  }

  // By now HTTP is closed and the last report is read: what they queued still goes out, or waits in its row.
  async onApplicationShutdown(): Promise<void> {
    await this.relay.stop();
    await this.publisher.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    await closePools();
  }
}
