import { randomUUID } from 'node:crypto';
import { nextTraceparent, PageOutcomes, PageStates } from '@pagebridge/contracts';
import type { OutgoingRecord, Publisher } from '@pagebridge/kafka';
import type { LedgerWrite, LedgerWriter } from '../application/ports.ts';
import { packed } from '../domain/packing.ts';
import { type Fact, type Owed, outcomeId } from '../domain/report.ts';
import { deadLetterOf } from './dead-letter.ts';
import { source } from './source.ts';

/** Tombstones have no value to carry the generation of their writer. */
const generationHeader = 'x-generation';

/**
 * Writes alerts to `paging.page-states.v1`, outcomes and dead letters beside them, as one publish.
 *
 * A state goes to the partition of its command, whatever partitioner the command's writer used.
 */
export class KafkaLedgerWriter implements LedgerWriter {
  constructor(
    private readonly publisher: Publisher,
    private readonly service: string,
  ) {}

  async write(writes: readonly LedgerWrite[]): Promise<void> {
    const records: OutgoingRecord[] = [];
    for (const write of writes) {
      records.push(stateRecord(write));
      for (const fact of write.owed) {
        records.push(outcomeRecord(write.key, fact));
        const letter = this.letterOf(write, fact);
        if (letter) records.push(letter);
      }
      for (const fact of write.facts) records.push(outcomeRecord(write.key, fact));
    }
    await this.publisher.publish(records);
  }

  private letterOf({ partition }: LedgerWrite, { page, outcome }: Owed): OutgoingRecord | undefined {
    return outcome.outcome === 'undeliverable' ? deadLetterOf(partition, page, outcome, this.service) : undefined;
  }
}

function stateRecord({ partition, generation, write, told, key, state }: LedgerWrite): OutgoingRecord {
  if (!state) return { ...PageStates.tombstone(key), partition, headers: { [generationHeader]: String(generation) } };
  const attributes = { id: randomUUID(), source, time: state.updatedAt };
  return {
    ...PageStates.encode(key, attributes, { ...packed(state), generation, write, ...(told ? { told } : {}) }),
    partition,
  };
}

function outcomeRecord(key: string, { outcome, traceparent }: Fact): OutgoingRecord {
  const attributes = { id: outcomeId(outcome), source, time: outcome.at, traceparent: nextTraceparent(traceparent) };
  return PageOutcomes.encode(key, attributes, outcome);
}
