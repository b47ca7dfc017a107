import { setTimeout as delay } from 'node:timers/promises';
import { Injectable } from '@nestjs/common';
import { alertKeyIn } from '@pagebridge/vocabulary';
import type { EntityManager } from 'typeorm';
import { Stored } from '../asked/stored.ts';
import { dayOf } from '../reading/record-row.ts';
import { HistoryRecord } from '../rows/history-record.entity.ts';

const lookEveryMs = 1000;
const heartbeatMs = 15_000;
// Some 300 bytes each; what is before them is no news.
const maxKept = 5000;

type Told = Pick<HistoryRecord, 'id' | 'sourceOrg' | 'kind' | 'key' | 'title'>;

/** Finds what was stored after what a reader has seen. One look a second serves all readers, while there are any. */
@Injectable()
export class News {
  /** The last records that are of an org, in order. */
  private kept: readonly Told[] = [];
  /** The id of the latest record that was there. */
  private until = 0;
  private looking: Promise<void> | undefined;
  private lookedAt = Number.NEGATIVE_INFINITY;

  constructor(private readonly stored: Stored) {}

  /** Yields texts of server-sent events until the signal is aborted, and a comment after a silence. Rejects then. */
  async *after(org: string, id: number | undefined, signal: AbortSignal): AsyncGenerator<string> {
    let saidAt = performance.now();
    for (let seen = id ?? this.until; ; ) {
      await this.look();
      // Ids begin again in a database that was made anew.
      const from = Math.min(seen, this.until);
      const last = this.kept.findLastIndex((record) => Number(record.id) <= from);
      const text = this.kept.slice(last + 1).map((record) => (record.sourceOrg === org ? eventOf(record) : ''));
      seen = this.until;
      if (text.some(Boolean)) yield text.join('');
      else if (performance.now() - saidAt > heartbeatMs) yield ': \n\n';
      else {
        await delay(lookEveryMs / 2, undefined, { signal });
        continue;
      }
      saidAt = performance.now();
    }
  }

  /** Looks for what is new, unless that was done a moment ago. */
  async look(): Promise<void> {
    if (performance.now() - this.lookedAt < lookEveryMs) return;
    this.looking ??= this.stored
      .read((manager) => this.lookIn(manager))
      .finally(() => {
        this.looking = undefined;
      });
    await this.looking;
  }

  private async lookIn(manager: EntityManager): Promise<void> {
    const records = () => manager.createQueryBuilder(HistoryRecord, 'record');
    const newest = await records().select('MAX(record.id)', 'id').getRawOne<{ readonly id: string | null }>();
    const latest = Number(newest?.id ?? 0);
    const kept = latest < this.until ? [] : this.kept;
    const news = await records()
      .select(['record.id AS id', 'record.sourceOrg AS sourceOrg', 'record.kind AS kind'])
      .addSelect('record.key', 'key')
      // Titles of alerts are long.
      .addSelect("IF(record.kind = 'outcome', record.title, NULL)", 'title')
      .where('record.id > :from AND record.id <= :latest', { from: Math.min(this.until, latest), latest })
      // What is older than yesterday is no news, and its partitions are not searched.
      .andWhere("record.day >= :day AND record.sourceOrg <> ''", { day: dayOf(new Date()) - 1 })
      .orderBy('record.id', 'DESC')
      .limit(maxKept)
      .getRawMany<Told>();
    this.kept = [...kept, ...news.reverse()].slice(-maxKept);
    this.until = latest;
    this.lookedAt = performance.now();
  }
}

function eventOf({ id, kind, key, sourceOrg, title }: Told): string {
  const text = key.toString();
  const alertKey = alertKeyIn(sourceOrg, text);
  const about = alertKey === undefined ? { connectionId: text } : { alertKey };
  const [outcome, reason] = title?.split(' ', 2) ?? [];
  return `id: ${id}\nevent: ${kind}\ndata: ${JSON.stringify({ ...about, outcome, reason })}\n\n`;
}
