import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AccessTokens, AccessTokenUses, Connections } from '@pagebridge/contracts';
import { connect, mayCome, requireMigrations } from '@pagebridge/database';
import { Publisher } from '@pagebridge/kafka';
import { BackgroundTable, CONFIG, Health, KafkaStartup, Startup } from '@pagebridge/service';
import { DataSource } from 'typeorm';
import type { PageHistoryConfig } from './config.ts';
import { TopicReading } from './reading/topic-reading.ts';
import { readCards } from './reading/topics.ts';
import { schema } from './rows/schema.ts';

const cards = [...readCards, ...[Connections, AccessTokens, AccessTokenUses].map(({ card }) => card)];

/** Starts and stops the parts of the service in order: the database first, then what reads the topics, which Kafka may delay. */
@Injectable()
export class Lifetime implements OnApplicationShutdown {
  constructor(
    startup: Startup,
    kafka: KafkaStartup,
    health: Health,
    private readonly publisher: Publisher,
    private readonly connections: BackgroundTable,
    private readonly reading: TopicReading,
    private readonly dataSource: DataSource,
    @Inject(CONFIG) { DATABASE_URL }: PageHistoryConfig,
  ) {
    startup.before('connecting to the database', () => connect(dataSource, DATABASE_URL, schema), mayCome);
    startup.before('looking for the migrations', () => requireMigrations(dataSource, DATABASE_URL, schema), mayCome);
    startup.before('starting to read the topics', async () => {
      connections.start();
      reading.start();
    });
    kafka.connect(cards, publisher, 'after');
    health.watch('reading', reading, 'live', 'ready');
    health.watch('connections', connections, 'live', 'ready');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reading.stop();
    await this.connections.stop();
    await this.publisher.close();
    if (this.dataSource.isInitialized) await this.dataSource.destroy();
  }
}
