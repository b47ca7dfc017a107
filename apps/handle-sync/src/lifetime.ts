import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import { ConnectionReports, SyncRequests } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { type KafkaSettings, type Publisher, requireTopics, type TableView } from '@pagebridge/kafka';
import type { Health, Startup } from '@pagebridge/service';
import type { SyncScheduler } from './application/sync-scheduler.ts';
import { tableTopics } from './inbound/tables.consumer.ts';

/** Every topic that the service reads or writes. */
export const usedTopics: readonly string[] = [...tableTopics, SyncRequests.card.topic, ConnectionReports.card.topic];

export interface LifetimeParts {
  readonly settings: KafkaSettings;
  readonly topics: readonly string[];
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
    const { settings, topics, startup, health, publisher, view } = parts;
    // Ownership counts with this number of partitions, see ownership.ts.
    startup.before('looking for the topics', () => requireTopics(settings, topics, SyncRequests.card.partitions));
    startup.before('connecting to Kafka', () => publisher.start());
    startup.before('reading the tables', () => view.start());
    health.addLive('tables', () => ({ ok: view.health().live, detail: view.health().detail }));
    health.addReady('tables', () => ({ ok: view.health().ready, detail: view.health().detail }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.parts.scheduler.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.view.stop();
    await this.parts.publisher.close();
    // What is still on its way are reads whose answers nobody waits for; the end of the process cuts them off.
    closePools().catch(() => undefined);
  }
}
