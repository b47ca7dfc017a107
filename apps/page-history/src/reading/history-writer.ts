import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { inTransaction, onConnection } from '@pagebridge/database';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { DataSource, type EntityManager, In, MoreThanOrEqual } from 'typeorm';
import { HistoryRecord } from '../rows/history-record.entity.ts';
import { Mention } from '../rows/mention.entity.ts';
import { PartitionPosition } from '../rows/partition-position.entity.ts';
import { type PartitionLag, Reader } from '../rows/reader.entity.ts';
import { inChunks } from './chunks.ts';
import { changesOf } from './mention-changes.ts';
import { type RecordRow, rowOf } from './record-row.ts';

/** How far reading has come, and what of it is not stored yet. */
export interface Reached extends Pick<Reader, 'asOf' | 'lag'> {
  readonly positions: readonly PartitionPosition[];
}

/** Another instance has taken the place of the reader. */
export class OvertakenError extends Error {
  override readonly name = 'OvertakenError';

  constructor() {
    super('another instance reads the topics by now');
  }
}

/** Longer than what is stored at once takes: a database that vanished without a word does not hold up reading for ever. */
export const writeWithinMs = 30_000;
// Longer than a transaction takes, and short enough that nobody waits long for a reader that was killed.
const heldSeconds = 15;
const deadSeconds = 60;
// Far below what a server takes in one packet; a value may take twice its size there.
const maxStatementBytes = 4 * 1024 * 1024;
const maxStatementRows = 1000;

/** Stores what the reader of the topics has read. Only one instance at a time may do so. */
@Injectable()
export class HistoryWriter {
  private readonly holder = randomUUID();

  constructor(private readonly dataSource: DataSource) {}

  /** Resolves to how far reading has come, or to undefined while another instance reads. */
  acquire(): Promise<Reached | undefined> {
    return this.within(async (manager) => {
      if (!(await this.hold('(holder = ? OR held_until < UTC_TIMESTAMP(3))', manager))) return undefined;
      const { asOf, lag } = await manager.findOneByOrFail(Reader, { id: 1 });
      return { positions: await manager.find(PartitionPosition), asOf, lag };
    });
  }

  /** Notes how far the reader has come, and keeps its place. `asOf` null: no further than it was. Rejects with OvertakenError. */
  note(asOf: Date | null, lag: readonly PartitionLag[]): Promise<void> {
    return this.within(async (manager) => {
      if (!(await this.hold('holder = ?', manager))) throw new OvertakenError();
      await manager.update(Reader, { id: 1, holder: this.holder }, { lag, ...(asOf === null ? {} : { asOf }) });
    });
  }

  /** Lets another instance read at once. */
  async release(): Promise<void> {
    const { holder } = this;
    await this.within((manager) => manager.update(Reader, { id: 1, holder }, { holder: '', heldUntil: new Date(0) }));
  }

  /**
   * Stores records, except those of days that are not kept, together with the places from which reading goes on: all of it, or
   * nothing. Rejects with OvertakenError.
   */
  async write(
    records: readonly ConsumedRecord[],
    places: readonly PartitionPosition[],
    oldestDay: number,
  ): Promise<void> {
    const now = new Date();
    const rows = records.map((record) => rowOf(record, now)).filter(({ day }) => day >= oldestDay);
    const work = async (manager: EntityManager) => {
      // If this machine dies in the transaction, the server undoes it soon, and lets another instance read.
      await manager.query(`SET SESSION wait_timeout = ${deadSeconds}`);
      // Locks the row, so that nobody can take the place before the end of the transaction.
      if (!(await this.hold('holder = ?', manager))) throw new OvertakenError();
      for (const chunk of inChunks(rows, maxStatementRows, maxStatementBytes, sizeOf)) await insert(manager, chunk);
      await follow(manager, rows);
      for (const chunk of inChunks(places, maxStatementRows)) {
        await manager.upsert(PartitionPosition, chunk, ['topic', 'partition']);
      }
    };
    await inTransaction(this.dataSource, work, writeWithinMs);
  }

  private within<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    return onConnection(this.dataSource, ({ manager }) => work(manager), writeWithinMs);
  }

  private async hold(condition: string, manager: EntityManager): Promise<boolean> {
    const { affectedRows } = await manager.query(
      `UPDATE reader SET holder = ?, held_until = UTC_TIMESTAMP(3) + INTERVAL ${heldSeconds} SECOND WHERE id = 1 AND ${condition}`,
      [this.holder, this.holder],
    );
    return affectedRows === 1;
  }
}

async function insert(manager: EntityManager, rows: readonly RecordRow[]): Promise<void> {
  const values = rows.map(({ hop, deadCommand, ...row }) => row);
  const query = manager.createQueryBuilder().insert().into(HistoryRecord).values(values).updateEntity(false);
  // A record that is there already stays: Kafka has it again after it lost the end of a partition.
  await query.orUpdate(['day']).execute();
}

/** Changes the mentions that the records are about. */
async function follow(manager: EntityManager, rows: readonly RecordRow[]): Promise<void> {
  const changes = rows.flatMap(changesOf);
  const mentions = new Map<string, Mention>();
  const find = async (ids: Iterable<string>, since: number) => {
    for (const id of inChunks([...ids], maxStatementRows)) {
      const found = await manager.findBy(Mention, { id: In(id), day: MoreThanOrEqual(since) });
      for (const mention of found) mentions.set(mention.id, mention);
    }
  };
  // The partition of each day is searched: of all days only for what may be there.
  const recent = rows.reduce((first, { day }) => Math.min(first, day), Number.MAX_SAFE_INTEGER) - 1;
  await find(new Set(changes.map(({ id }) => id)), recent);
  await find(new Set(changes.filter(({ id, mayBeOld }) => mayBeOld && !mentions.has(id)).map(({ id }) => id)), 0);
  for (const { id, apply } of changes) mentions.set(id, apply(mentions.get(id)));
  for (const chunk of inChunks([...mentions.values()], maxStatementRows)) {
    await manager.upsert(Mention, chunk, ['id', 'day']);
  }
}

const sizeOf = ({ value, headers }: RecordRow): number => (value?.length ?? 0) + JSON.stringify(headers).length + 512;
