import { type BeforeApplicationShutdown, Inject, Injectable, type OnApplicationShutdown } from '@nestjs/common';
import { ConnectionReports, Connections, PageCommands, PageOutcomes, PageStates } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import { Publisher, RangeReader, TableView } from '@pagebridge/kafka';
import { CONFIG, type CommonConfig, Health, KafkaStartup, Startup } from '@pagebridge/service';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Connections as KnownConnections } from './application/connections.ts';
import { Delivery } from './application/delivery.ts';
import { KafkaCommands } from './outbound/kafka-commands.ts';

const usedCards = [PageCommands, PageStates, PageOutcomes, Connections, ConnectionReports].map(({ card }) => card);
const deadLetters = { topic: deadLetterTopicOf(PageCommands.card.topic) };

/**
 * Defines the order in which the parts start and stop.
 *
 * Start: the connections topic is read to its end before the service joins the group, without partitions that cannot be
 * read for half a minute, and the ledger of a partition before its first command. Stop: no more calls start, the
 * answers of calls in flight are written, then the service leaves the group. Commands that are still being taken enter
 * the ledger, where the next owner finds them.
 */
@Injectable()
export class Lifetime implements BeforeApplicationShutdown, OnApplicationShutdown {
  constructor(
    kafka: KafkaStartup,
    startup: Startup,
    health: Health,
    private readonly publisher: Publisher,
    private readonly connections: TableView,
    private readonly ledger: RangeReader,
    private readonly commands: KafkaCommands,
    private readonly delivery: Delivery,
    known: KnownConnections,
    @Inject(CONFIG) private readonly config: CommonConfig,
  ) {
    kafka.connect([...usedCards, deadLetters], publisher);
    kafka.read('the connections', connections);
    known.mayLack = () => connections.gaps().length > 0;
    startup.before('starting the sweep', async () => delivery.start());
    health.watch('connections', connections);
    health.watch('writing', publisher);
    // Only shown: a takeover waits for its own partition alone, and after a minute a page goes out without its text.
    health.show('ledger', ledger);
    health.show('texts', commands);
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.delivery.stop(AbortSignal.timeout(this.config.STOP_TIMEOUT_MS / 2));
  }

  async onApplicationShutdown(): Promise<void> {
    await Promise.all([this.connections.stop(), this.ledger.stop(), this.commands.stop()]);
    await this.publisher.close();
    await closePools();
  }
}
