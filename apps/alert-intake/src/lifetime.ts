import { Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { AccessTokenUses, Alerts, RefusedAlerts } from '@pagebridge/contracts';
import { Publisher, TableView } from '@pagebridge/kafka';
import { Health, KafkaStartup } from '@pagebridge/service';
import { tableCards } from './tables.ts';

/** Starts and stops the parts of the service in order: what is known is read before the first request is taken. */
@Injectable()
export class Lifetime implements OnApplicationShutdown {
  constructor(
    kafka: KafkaStartup,
    health: Health,
    private readonly publisher: Publisher,
    private readonly view: TableView,
  ) {
    kafka.connect([...tableCards, Alerts.card, RefusedAlerts.card, AccessTokenUses.card], publisher);
    kafka.read('the tables', view);
    // What cannot be read or written holds up its own alerts, each of which is answered with 503: this instance serves all others.
    health.show('tables', view);
    health.show('writing', publisher);
  }

  // The port is closed by now, and its requests are answered.
  async onApplicationShutdown(): Promise<void> {
    await this.view.stop();
    await this.publisher.close();
  }
}
