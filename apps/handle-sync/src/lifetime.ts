import { type BeforeApplicationShutdown, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConnectionReports, Directories, HandleChanges, SyncRequests } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { registryCards } from '@pagebridge/handle-registry';
import { Publisher, RangeReader, TableView } from '@pagebridge/kafka';
import { Health, KafkaStartup } from '@pagebridge/service';
import { OwnedDirectories } from './application/owned-directories.ts';

/**
 * In which order the parts start and stop.
 *
 * The tables are read before the group is joined, so that an owner knows what is there; what reads the log of changes joins
 * its own group meanwhile. Looks end before the group is
 * left, so that the next owner of a directory is its only one.
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
    const ownCards = [Directories, HandleChanges, SyncRequests, ConnectionReports].map(({ card }) => card);
    kafka.connect([...registryCards, ...ownCards], publisher);
    kafka.read('the tables', view);
    health.watch('tables', view, 'live', 'ready');
    health.watch('writing', publisher, 'ready');
    health.watch('changes', changes, 'live');
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.directories.stop();
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.view.stop(), this.changes.stop()]);
    await this.publisher.close();
    // What is still on its way are reads whose answers nobody waits for; the end of the process cuts them off.
    closePools().catch(() => undefined);
  }
}
