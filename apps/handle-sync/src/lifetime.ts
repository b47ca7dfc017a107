import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { ConnectionReports, cards, SyncRequests } from '@pagebridge/contracts';
import { type KafkaSettings, type Publisher, requireTopics, type TableView } from '@pagebridge/kafka';
import { closePools } from '@pagebridge/oncall-api';
import type { Health, Startup } from '@pagebridge/service';
import type { SyncScheduler } from './application/sync-scheduler.ts';
import { tableTopics } from './inbound/tables.consumer.ts';

export interface LifetimeParts {
  readonly settings: KafkaSettings;
  readonly startup: Startup;
  readonly health: Health;
  readonly publisher: Publisher;
  readonly view: TableView;
  readonly scheduler: SyncScheduler;
}

/**
 * In which order the parts start and stop.
 *
 * The tables are read before the group is joined, so that an owner knows what is there. Syncs end before the group is
 * left, so that the next owner of a connection is its only one.
 */
export class Lifetime implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(private readonly parts: LifetimeParts) {
    const { settings, startup, health, publisher, view } = parts;
    startup.before('looking for the topics', () => requireTopics(settings, usedTopics, partitionsOf(usedTopics)));
    startup.before('connecting to Kafka', () => publisher.start());
    startup.before('reading the tables', () => view.start());
    health.addLive('tables', () => ({ ok: view.health().live, detail: view.health().detail }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.parts.scheduler.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.view.stop();
    await this.parts.publisher.close();
    await closePools();
  }
}

const usedTopics = [...tableTopics, SyncRequests.card.topic, ConnectionReports.card.topic];

const partitionsOf = (topics: readonly string[]): Record<string, number> =>
  Object.fromEntries(cards.filter(({ topic }) => topics.includes(topic)).map((card) => [card.topic, card.partitions]));
