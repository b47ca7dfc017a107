import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AccessTokens, AccessTokenUses, Audit, SyncRequests } from '@pagebridge/contracts';
import { connect, mayCome, requireMigrations } from '@pagebridge/database';
import { closePools } from '@pagebridge/destination';
import { offeringCards } from '@pagebridge/handle-registry';
import { Publisher } from '@pagebridge/kafka';
import { BackgroundTable, CONFIG, Health, KafkaStartup, Startup } from '@pagebridge/service';
import { DataSource } from 'typeorm';
import type { ConnectionManagementConfig } from './config.ts';
import { OutboxMetrics } from './outbound/outbox/outbox-metrics.ts';
import { OutboxRelay } from './outbound/outbox/outbox-relay.ts';
import type { Periodic } from './outbound/periodic.ts';
import { schema } from './outbound/persistence/schema.ts';
import { PERIODIC_WORK, READ_SOURCE } from './tokens.ts';

// This service writes two of the tables of the registry, and reads all.
const cards = [...[SyncRequests, AccessTokens, AccessTokenUses, Audit].map(({ card }) => card), ...offeringCards];

/**
 * The order in which the parts start and stop.
 *
 * Start: the database, then the relay to Kafka and the handles that warnings need, which are read beside it. Kafka comes last: while it is down, also at
 * a restart, changes wait in their rows. Stop: HTTP is closed and the last report has been read. What they queued is still published, or waits in its row.
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
    @Inject(PERIODIC_WORK) private readonly periodicWork: readonly Periodic[],
    private readonly handles: BackgroundTable,
    private readonly dataSource: DataSource,
    @Inject(READ_SOURCE) private readonly readSource: DataSource,
    @Inject(CONFIG) { DATABASE_URL }: ConnectionManagementConfig,
  ) {
    startup.before('connecting to the database', () => connect(dataSource, DATABASE_URL, schema), mayCome);
    startup.before('connecting to read', () => connect(readSource, DATABASE_URL, schema), mayCome);
    startup.before('looking for the migrations', () => requireMigrations(dataSource, DATABASE_URL, schema), mayCome);
    startup.before('starting the outbox', async () => {
      relay.start();
      for (const work of periodicWork) work.start();
    });
    // Only warnings need the handles, so neither the start nor readiness waits for them.
    startup.before('starting to read the handles', async () => handles.start());
    kafka.connect(cards, publisher, 'after');
    health.watch('handles', handles);
    health.watch('database', metrics);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.handles.stop();
    for (const work of this.periodicWork) work.stop();
    await this.relay.stop();
    await this.publisher.close();
    for (const source of [this.dataSource, this.readSource]) if (source.isInitialized) await source.destroy();
    await closePools();
  }
}
