import type { BeforeApplicationShutdown, OnApplicationShutdown } from '@nestjs/common';
import {
  ConnectionReports,
  Connections,
  cards,
  deadLetterTopicOf,
  PageCommands,
  PageOutcomes,
  PageStates,
} from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import {
  type KafkaSettings,
  type PartitionRestorer,
  type Publisher,
  requireTopics,
  type TableView,
} from '@pagebridge/kafka';
import type { Health, Startup } from '@pagebridge/service';
import type { Delivery } from './application/delivery.ts';

export interface LifetimeParts {
  readonly settings: KafkaSettings;
  readonly startup: Startup;
  readonly health: Health;
  readonly publisher: Publisher;
  readonly connections: TableView;
  readonly restorer: PartitionRestorer;
  readonly delivery: Delivery;
  /** How long a stop waits for what cannot be written; below that of the process. */
  readonly stopWithinMs: number;
}

const usedTopics = [PageCommands, PageStates, PageOutcomes, Connections, ConnectionReports].map(
  ({ card }) => card.topic,
);

/**
 * In which order the parts start and stop.
 *
 * Start: the connections are read to their end before the group is joined, the ledger of each partition before its first
 * command. Stop: no more calls, then the answers of those under way are written, then the group is left; commands that
 * are still being taken enter the ledger, and the next owner finds them there.
 */
export class Lifetime implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(private readonly parts: LifetimeParts) {
    const { settings, startup, health, publisher, connections, restorer, delivery } = parts;
    startup.before('looking for the topics', () => requireTopics(settings, topics(), partitions()));
    startup.before('connecting to Kafka', () => publisher.start());
    startup.before('reading the connections', () => connections.start());
    startup.before('preparing to read the ledger', () => restorer.start());
    startup.before('starting the sweep', async () => delivery.start());
    health.addLive('connections', () => ({ ok: connections.health().live, detail: connections.health().detail }));
    health.addReady('writing', () => ({ ok: publisher.health().ready, detail: publisher.health().detail }));
    health.addLive('ledger', () => ({ ok: restorer.health().live, detail: restorer.health().detail }));
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.parts.delivery.stop(AbortSignal.timeout(this.parts.stopWithinMs));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.parts.connections.stop(), this.parts.restorer.stop()]);
    await this.parts.publisher.close();
    await closePools();
  }
}

const topics = () => [...usedTopics, deadLetterTopicOf(PageCommands.card.topic)];
const partitions = (): Record<string, number> =>
  Object.fromEntries(
    cards.filter(({ topic }) => usedTopics.includes(topic)).map((card) => [card.topic, card.partitions]),
  );
