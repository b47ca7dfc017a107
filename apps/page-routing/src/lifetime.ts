import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { Alerts, PageCommands, SyncRequests, UnroutedHandles } from '@pagebridge/contracts';
import { registryCards } from '@pagebridge/handle-registry';
import { Publisher, TableView } from '@pagebridge/kafka';
import { Health, KafkaStartup } from '@pagebridge/service';

const ownCards = [Alerts, PageCommands, UnroutedHandles, SyncRequests].map(({ card }) => card);

/**
 * In which order the parts start and stop.
 *
 * The registry is read to its end before the first alert is consumed: an alert decided with half a registry would be
 * recorded as unrouted. The publisher outlives the consumers, whose last batches it carries.
 */
@Injectable()
export class Lifetime implements OnApplicationShutdown {
  constructor(
    kafka: KafkaStartup,
    health: Health,
    private readonly publisher: Publisher,
    private readonly view: TableView,
  ) {
    kafka.connect([...ownCards, ...registryCards], publisher);
    kafka.read('the registry', view);
    health.watch('writing', publisher, 'ready');
    health.watch('registry', view, 'live');
  }

  async onApplicationShutdown(): Promise<void> {
    await this.view.stop();
    await this.publisher.close();
  }
}
