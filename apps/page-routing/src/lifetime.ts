import type { OnApplicationShutdown } from '@nestjs/common';
import { Alerts, cards, PageCommands, SyncRequests, UnroutedHandles } from '@pagebridge/contracts';
import { type KafkaSettings, type Publisher, requireTopics, type TableView } from '@pagebridge/kafka';
import type { Health, Startup } from '@pagebridge/service';
import { registryTopics } from './inbound/registry.consumer.ts';

export interface LifetimeParts {
  readonly settings: KafkaSettings;
  readonly startup: Startup;
  readonly health: Health;
  readonly publisher: Publisher;
  readonly view: TableView;
}

/**
 * In which order the parts start and stop.
 *
 * The registry is read to its end before the first alert is consumed: an alert decided with half a registry would be
 * recorded as unrouted. The publisher outlives the consumers, whose last batches it carries.
 */
export class Lifetime implements OnApplicationShutdown {
  constructor(private readonly parts: LifetimeParts) {
    const { settings, startup, health, publisher, view } = parts;
    startup.before('looking for the topics', () => requireTopics(settings, usedTopics, partitions));
    startup.before('connecting to Kafka', () => publisher.start());
    startup.before('reading the registry', () => view.start());
    health.addReady('writing', () => ({ ok: publisher.health().ready, detail: publisher.health().detail }));
    health.addLive('registry', () => ({ ok: view.health().live, detail: view.health().detail }));
  }

  async onApplicationShutdown(): Promise<void> {
    await this.parts.view.stop();
    await this.parts.publisher.close();
  }
}

const usedTopics = [Alerts, PageCommands, UnroutedHandles, SyncRequests]
  .map(({ card }) => card.topic)
  .concat(registryTopics);

const partitions = Object.fromEntries(
  cards.filter(({ topic }) => usedTopics.includes(topic)).map((card) => [card.topic, card.partitions]),
);
