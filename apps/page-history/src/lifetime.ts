import { Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AccessTokens, AccessTokenUses, Connections } from '@pagebridge/contracts';
import { connect, mayCome, requireMigrations } from '@pagebridge/database';
import { Publisher } from '@pagebridge/kafka';
import { BackgroundTable, CONFIG, Health, KafkaStartup, Startup } from '@pagebridge/service';
import { DataSource } from 'typeorm';
import { Stored } from './asked/stored.ts';
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
    private readonly stored: Stored,
    @Inject(CONFIG) { DATABASE_URL }: PageHistoryConfig,
  ) {
    const open = async (source: DataSource) => {
      if (!source.isInitialized) await connect(source, DATABASE_URL, schema);
    };
    startup.before('connecting to the database', () => open(dataSource), mayCome);
    startup.before('connecting to read', () => open(stored.dataSource), mayCome);
    startup.before('looking for the migrations', () => requireMigrations(dataSource, DATABASE_URL, schema), mayCome);
    startup.before('starting to read the topics', async () => {
      connections.start();
      reading.start();
    });
    kafka.connect(cards, publisher, 'after');
    health.watch('reading', reading);
    health.watch('connections', connections);
  }

  async onApplicationShutdown(): Promise<void> {
    await this.reading.stop();
    await this.connections.stop();
    await this.publisher.close();
    for (const source of [this.dataSource, this.stored.dataSource]) if (source.isInitialized) await source.destroy();
  }
}
