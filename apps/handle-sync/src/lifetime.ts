import { type BeforeApplicationShutdown, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConnectionReports, HandleChanges, SyncRequests } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { offeringCards } from '@pagebridge/handle-registry';
import { Publisher, RangeReader, TableView } from '@pagebridge/kafka';
import { Health, KafkaStartup } from '@pagebridge/service';
import { OwnedDirectories } from './application/owned-directories.ts';

/**
 * Starts and stops the parts of the service in order.
 *
 * The tables are read before the service joins the consumer group, so that the owner of a directory has its present
 * state. The reader of the log of changes joins its own group meanwhile. Syncs end before the service leaves the group,
 * so that the next owner of a directory is its only owner.
 */
@Injectable()
export class Lifetime implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    kafka: KafkaStartup,
    health: Health,
    private readonly publisher: Publisher,
    private readonly view: TableView,
    private readonly changes: RangeReader,
    private readonly directories: OwnedDirectories,
  ) {
    const ownCards = [HandleChanges, SyncRequests, ConnectionReports].map(({ card }) => card);
    kafka.connect([...offeringCards, ...ownCards], publisher);
    kafka.read('the tables', view);
    health.watch('tables', view);
    health.watch('writing', publisher);
    health.show('changes', changes);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.directories.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.view.stop(), this.changes.stop()]);
    await this.publisher.close();
    // Only reads can be in flight here, and nothing waits for their answers; the end of the process aborts them.
    closePools().catch(() => undefined);
  }
}
