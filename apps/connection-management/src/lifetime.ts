import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Connections, SourceOrgs, SyncRequests } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { Publisher } from '@pagebridge/kafka';
import { CONFIG, Health, KafkaStartup, Startup } from '@pagebridge/service';
import { DataSource } from 'typeorm';
import type { ConnectionManagementConfig } from './config.ts';
import { OutboxMetrics } from './outbound/outbox/outbox-metrics.ts';
import { OutboxRelay } from './outbound/outbox/outbox-relay.ts';
import { SegmentRolls } from './outbound/outbox/segment-rolls.ts';
import { connect, requireMigrations } from './outbound/persistence/database.ts';

const publishedCards = [Connections, SourceOrgs, SyncRequests].map(({ card }) => card);

/**
 * In which order the parts start and stop.
 *
 * Start: the database, then Kafka, then the relay between them. Stop: by then HTTP is closed and the last report is read;
 * what they queued still goes out, or waits in its row.
 */
@Injectable()
export class Lifetime implements OnApplicationShutdown {
  constructor(
    startup: Startup,
    kafka: KafkaStartup,
    health: Health,
    metrics: OutboxMetrics,
    private readonly publisher: Publisher,
    private readonly relay: OutboxRelay,
    private readonly rolls: SegmentRolls,
    private readonly dataSource: DataSource,
    @Inject(CONFIG) { DATABASE_URL }: ConnectionManagementConfig,
  ) {
    startup.before('connecting to the database', async () => {
      await connect(dataSource, DATABASE_URL);
      await requireMigrations(dataSource, DATABASE_URL);
    });
    kafka.connect(publishedCards, publisher);
    startup.before('starting the outbox', async () => {
      relay.start();
      rolls.start();
    });
    health.addReady('database', () => metrics.database());
  }

  async onApplicationShutdown(): Promise<void> {
    this.rolls.stop();
    await this.relay.stop();
    await this.publisher.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
    await closePools();
  }
}
