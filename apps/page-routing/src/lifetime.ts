import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Alerts, PageCommands, SyncRequests, UnroutedHandles } from '@pagebridge/contracts';
import { registryCards } from '@pagebridge/handle-registry';
import { Publisher, RangeReader, TableView } from '@pagebridge/kafka';
import {
  BackgroundTable,
  CONSUMER_TUNING,
  type ConsumerTuning,
  Health,
  KafkaStartup,
  Startup,
} from '@pagebridge/service';
import { DeferredPaging } from './application/deferred-paging/deferred-paging.ts';
import { AlertsConsumer } from './inbound/alerts.consumer.ts';
import { OrgTopics } from './outbound/org-topics.ts';

const ownCards = [Alerts, PageCommands, UnroutedHandles, SyncRequests].map(({ card }) => card);

/**
 * Starts and stops the parts of the service in order.
 *
 * The registry is read to its end before the first alert is consumed: with half a registry, known handles would be unrouted.
 * A partition that cannot be read for half a minute is left out until it can: only the handles in it are unrouted, and wait.
 * The late pages stop first, because the last batches wait for their turn behind them. The publisher stops last,
 * because the last batches of the consumers are written with it.
 */
@Injectable()
export class Lifetime implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    kafka: KafkaStartup,
    startup: Startup,
    health: Health,
    private readonly publisher: Publisher,
    private readonly view: TableView,
    private readonly directories: BackgroundTable,
    private readonly history: RangeReader,
    private readonly late: DeferredPaging,
    private readonly orgTopics: OrgTopics,
    alerts: AlertsConsumer,
    @Inject(CONSUMER_TUNING) tuning: ConsumerTuning,
  ) {
    kafka.connect([...ownCards, ...registryCards], publisher);
    kafka.read('the registry', view);
    startup.before('reading the topics of source orgs', async () => {
      directories.start();
      orgTopics.start({ ...tuning, handler: (batch) => alerts.handle(batch) });
    });
    health.watch('writing', publisher);
    health.watch('registry', view);
    health.watch('directories', directories);
    health.watch('org-alerts', orgTopics);
    health.show('history', history);
  }

  beforeApplicationShutdown(): void {
    this.late.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await this.orgTopics.stop();
    await Promise.all([this.view.stop(), this.directories.stop(), this.history.stop()]);
    await this.publisher.close();
  }
}
