import { Injectable } from '@nestjs/common';
import { commandFor } from '@pagebridge/dead-letters';
import { hopOf } from '@pagebridge/trace';
import { alertKeyIn, cureOfLetter, deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { Extents } from '../asked/extent.ts';
import { partOf } from '../asked/listing.ts';
import { Stored } from '../asked/stored.ts';
import { storedRecordOf } from '../reading/record-row.ts';
import { HistoryRecord } from '../rows/history-record.entity.ts';
import type { DeadLetterAnswer, DeadLetterList, DeadLetterQuery } from './dead-letters.dto.ts';
import { ReplayBus } from './replay/replay-bus.ts';

// Without the value, which is as large as its producer likes.
const places = ['id', 'day', 'at', 'topic', 'partition', 'offset', 'key', 'title', 'headers'] as const;

/** Lists the dead letters that are known to be about alerts of an org, or those that are nobody's: they cannot be read. */
@Injectable()
export class DeadLetters {
  constructor(
    private readonly stored: Stored,
    private readonly extents: Extents,
    private readonly bus: ReplayBus,
  ) {}

  /** `sourceOrg` empty: nobody's. `next` is a cursor. */
  async list(
    sourceOrg: string,
    query: DeadLetterQuery,
  ): Promise<Omit<DeadLetterList, 'next'> & { readonly next: string | undefined }> {
    const extent = await this.extents.now(sourceOrg);
    const { rows, next } = await this.stored.read((manager) => {
      const letters = manager
        .createQueryBuilder(HistoryRecord, 'record')
        .select(places.map((column) => `record.${column}`))
        .where('record.sourceOrg = :sourceOrg AND record.kind = :kind', { sourceOrg, kind: 'dead-letter' });
      const { topic, reason, partition, offset } = query;
      if (topic) letters.andWhere('record.topic = :topic', { topic: deadLetterTopicOf(topic) });
      if (reason)
        letters.andWhere(`JSON_VALUE(record.headers, '$."${deadLetterHeaders.reason}"') = :reason`, { reason });
      if (partition !== undefined) letters.andWhere('record.partition = :partition', { partition });
      if (offset !== undefined) letters.andWhere('record.offset = :offset', { offset });
      return partOf(letters, query);
    });
    const replay = this.bus.isOn && sourceOrg !== '';
    return { items: rows.flatMap((row) => answerOf(row, sourceOrg, replay)), replay, next, ...extent };
  }
}

function answerOf(record: HistoryRecord, sourceOrg: string, replay: boolean): DeadLetterAnswer[] {
  const hop = hopOf(storedRecordOf(record));
  if (hop.kind !== 'dead-letter') return [];
  const { topic, partition, offset, at, letter } = hop;
  const place = { topic, partition, offset };
  const alertKey = sourceOrg === '' ? undefined : alertKeyIn(sourceOrg, record.key.toString());
  return [
    {
      ...{ ...place, at, ...letter, alertKey: alertKey ?? null, title: record.title ?? '' },
      ...{ cure: cureOfLetter(letter.reason), command: commandFor(place, replay ? sourceOrg : undefined) },
    },
  ];
}
