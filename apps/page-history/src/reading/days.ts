import { Inject, Injectable } from '@nestjs/common';
import { onConnection } from '@pagebridge/database';
import { CONFIG } from '@pagebridge/service';
import { DataSource, type QueryRunner } from 'typeorm';
import type { PageHistoryConfig } from '../config.ts';
import { writeWithinMs } from './history-writer.ts';
import { dayOf } from './record-row.ts';

// Room for a clock that is ahead, and for a service that is down when a day begins.
const daysAhead = 3;
const tables = ['records', 'mentions'] as const;

/** Keeps a partition of the tables for each day, so that what is old is dropped at once instead of row by row. */
@Injectable()
export class Days {
  constructor(
    private readonly dataSource: DataSource,
    @Inject(CONFIG) private readonly config: PageHistoryConfig,
  ) {}

  /** The first day that is kept. */
  oldest(now = new Date()): number {
    return dayOf(now) - this.config.HISTORY_DAYS;
  }

  /** Adds the partitions of the next days, and drops those that are too old. Resolves to the first day that is kept. */
  keep(today?: Date): Promise<number> {
    return onConnection(this.dataSource, (runner) => this.keepOn(runner, today), writeWithinMs);
  }

  private async keepOn(runner: QueryRunner, today: Date | undefined): Promise<number> {
    // By the clock of the database: one that is wrong here would drop everything.
    const [{ seconds }] = await runner.query('SELECT UNIX_TIMESTAMP(NOW(3)) AS seconds');
    const now = today ?? new Date(Number(seconds) * 1000);
    const [oldest, latest] = [this.oldest(now), dayOf(now) + daysAhead];
    for (const table of tables) {
      const days = await daysOf(runner, table);
      const first = Math.max(oldest, (days.at(-1) ?? oldest - 1) + 1);
      const missing = Array.from({ length: Math.max(0, latest - first + 1) }, (_, n) => first + n);
      if (missing.length > 0) {
        const parts = missing.map((day) => `PARTITION ${nameOf(day)} VALUES LESS THAN (${day + 1})`).join(', ');
        await runner.query(
          `ALTER TABLE ${table} REORGANIZE PARTITION pmax INTO (${parts}, PARTITION pmax VALUES LESS THAN MAXVALUE)`,
        );
      }
      const old = days.filter((day) => day < oldest).map(nameOf);
      if (old.length > 0) await runner.query(`ALTER TABLE ${table} DROP PARTITION ${old.join(', ')}`);
    }
    return oldest;
  }
}

/** Returns the days that have a partition, the oldest first. */
async function daysOf(runner: QueryRunner, table: string): Promise<number[]> {
  const rows: readonly { readonly day: string }[] = await runner.query(
    `SELECT PARTITION_DESCRIPTION AS day FROM information_schema.PARTITIONS
     WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ? AND PARTITION_DESCRIPTION <> 'MAXVALUE'`,
    [table],
  );
  return rows.map(({ day }) => Number(day) - 1).toSorted((a, b) => a - b);
}

const nameOf = (day: number): string => `p${day}`;
