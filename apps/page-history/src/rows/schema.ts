import type { Schema } from '@pagebridge/database';
import { HistoryRecord } from './history-record.entity.ts';
import { Mention } from './mention.entity.ts';
import { CreateTables1765000000010 } from './migrations/1765000000010-create-tables.ts';
import { AddTaken1765000000020 } from './migrations/1765000000020-add-taken.ts';
import { PartitionPosition } from './partition-position.entity.ts';
import { Reader } from './reader.entity.ts';

/** What page-history keeps in its database. */
export const schema: Schema = {
  entities: [HistoryRecord, Mention, PartitionPosition, Reader],
  migrations: [CreateTables1765000000010, AddTaken1765000000020],
  // Partitions of days are added and dropped by the service.
  rights: {
    // A record that is there already is left as it is, which counts as an update.
    records: 'SELECT, INSERT, UPDATE, ALTER, CREATE, DROP',
    mentions: 'SELECT, INSERT, UPDATE, ALTER, CREATE, DROP',
    positions: 'SELECT, INSERT, UPDATE',
    reader: 'SELECT, UPDATE',
  },
  migrationProgram: 'the program `history-migrations` (in a checkout: node apps/page-history/dist/migrate.js)',
};
