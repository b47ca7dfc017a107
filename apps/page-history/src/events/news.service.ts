import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { alertKeyIn } from '@pagebridge/vocabulary';
import type { EntityManager } from 'typeorm';
import { Stored } from '../asked/stored.ts';
import { dayOf } from '../reading/record-row.ts';
import { HistoryRecord, type RecordKind } from '../rows/history-record.entity.ts';

const lookEveryMs = 1000;
const heartbeatMs = 15_000;
const maxAtOnce = 500;

/** The kinds that whoever may read the history may see. */
const told: readonly RecordKind[] = [
  'alert',
  'recovery',
  'unrouted',
  'page',
  'resolve',
  'outcome',
  'dead-letter',
  'report',
];

/** Finds what was stored after what a reader has seen. */
@Injectable()
export class News {
  constructor(private readonly stored: Stored) {}

  /** Returns the id of the latest record. */
  async latest(): Promise<string> {
    const latest = (manager: EntityManager) =>
      manager
        .createQueryBuilder(HistoryRecord, 'record')
        .select('MAX(record.id)', 'id')
        .getRawOne<{ id: string | null }>();
    return (await this.stored.read(latest))?.id ?? '0';
  }

  /** Yields texts of server-sent events until the signal is aborted, and a comment after a silence. Rejects then. */
  async *after(org: string, id: string, signal: AbortSignal): AsyncGenerator<string> {
    let saidAt = performance.now();
    for (let seen = id; ; ) {
      const records = await this.recordsAfter(org, seen);
      seen = records.at(-1)?.id ?? seen;
      if (records.length > 0) yield records.map((record) => eventOf(record, org)).join('');
      else if (performance.now() - saidAt > heartbeatMs) yield ': \n\n';
      else {
        await delay(lookEveryMs, undefined, { signal });
        continue;
      }
      saidAt = performance.now();
    }
  }

  private recordsAfter(org: string, id: string): Promise<HistoryRecord[]> {
    // What is older than yesterday is no news, and its partitions are not searched.
    const day = dayOf(new Date()) - 1;
    return this.stored.read((manager) =>
      manager
        .createQueryBuilder(HistoryRecord, 'record')
        .select(['record.id', 'record.kind', 'record.key'])
        .where('record.sourceOrg = :org AND record.id > :id AND record.day >= :day', { org, id, day })
        .andWhere('record.kind IN (:...told)', { told })
        .orderBy('record.id')
        .limit(maxAtOnce)
        .getMany(),
    );
  }
}

function eventOf({ id, kind, key }: HistoryRecord, org: string): string {
  const text = key.toString();
  const alertKey = alertKeyIn(org, text);
  const about = alertKey === undefined ? { connectionId: text } : { alertKey };
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify(about)}\n\n`;
}
