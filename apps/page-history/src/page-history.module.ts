import { type DynamicModule, Module } from '@nestjs/common';
import { Connections, SnapshotLinks } from '@pagebridge/contracts';
import { createDataSource, databaseOf } from '@pagebridge/database';
import type { KafkaSettings } from '@pagebridge/kafka';
import {
  BackgroundTable,
  fromVariable,
  KAFKA_SETTINGS,
  LOG,
  publisherProvider,
  ServiceModule,
  secretKeysIn,
} from '@pagebridge/service';
import type { Log } from '@pagebridge/vocabulary';
import { DataSource } from 'typeorm';
import { AlertsController } from './alerts/alerts.controller.ts';
import { Alerts } from './alerts/alerts.service.ts';
import { Extents } from './asked/extent.ts';
import { KnownConnections } from './asked/known-connections.ts';
import { readSeconds, Stored } from './asked/stored.ts';
import type { PageHistoryConfig } from './config.ts';
import { CountsController } from './counts/counts.controller.ts';
import { DeadLettersController } from './dead-letters/dead-letters.controller.ts';
import { DeadLetters } from './dead-letters/dead-letters.service.ts';
import { ChosenLetters } from './dead-letters/replay/chosen-letters.ts';
import { ReplayBus } from './dead-letters/replay/replay-bus.ts';
import { ReplaysController } from './dead-letters/replay/replays.controller.ts';
import { Replays } from './dead-letters/replay/replays.service.ts';
import { EventsController } from './events/events.controller.ts';
import { News } from './events/news.service.ts';
import { OpenStreams } from './events/open-streams.ts';
import { Lifetime } from './lifetime.ts';
import { Days } from './reading/days.ts';
import { HistoryWriter } from './reading/history-writer.ts';
import { ReadingMetrics } from './reading/reading-metrics.ts';
import { TopicReading } from './reading/topic-reading.ts';
import { schema } from './rows/schema.ts';
import { SnapshotsController } from './snapshots/snapshots.controller.ts';
import { Snapshots } from './snapshots/snapshots.service.ts';
import { Traces } from './traces/trace.service.ts';
import { TracesController } from './traces/traces.controller.ts';

// One that stores, one that adds and drops days, one to spare.
const writers = 3;

@Module({})
export class PageHistoryModule {
  static forRoot(config: PageHistoryConfig): DynamicModule {
    const { SNAPSHOT_KEYS: keys } = config;
    // Before Nest starts, which would hide the message about a bad variable.
    const links =
      keys === undefined ? undefined : fromVariable('SNAPSHOT_KEYS', () => new SnapshotLinks(secretKeysIn(keys)));
    const place = { ...databaseOf(config), poolSize: config.DATABASE_POOL_SIZE };
    return {
      module: PageHistoryModule,
      imports: [ServiceModule.forRoot({ name: 'page-history', config })],
      controllers: [
        AlertsController,
        CountsController,
        DeadLettersController,
        EventsController,
        ReplaysController,
        TracesController,
        ...(links ? [SnapshotsController] : []),
      ],
      providers: [
        { provide: DataSource, useFactory: () => createDataSource({ ...schema, ...place, poolSize: writers }) },
        { provide: Stored, useFactory: () => new Stored(createDataSource({ ...schema, ...place, readSeconds })) },
        publisherProvider(),
        Alerts,
        {
          provide: BackgroundTable,
          inject: [KAFKA_SETTINGS, KnownConnections, LOG],
          useFactory: (settings: KafkaSettings, known: KnownConnections, log: Log) =>
            new BackgroundTable({
              settings,
              topics: [Connections.card.topic],
              onRecord: known.handle,
              failure: 'reading connections failed; snapshots rejected; retrying',
              log,
            }),
        },
        ChosenLetters,
        Days,
        DeadLetters,
        Extents,
        HistoryWriter,
        KnownConnections,
        Lifetime,
        News,
        OpenStreams,
        ReadingMetrics,
        ReplayBus,
        Replays,
        ...(links ? [{ provide: SnapshotLinks, useValue: links }, Snapshots] : []),
        TopicReading,
        Traces,
      ],
    };
  }
}
