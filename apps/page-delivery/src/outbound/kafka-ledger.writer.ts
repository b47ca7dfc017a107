import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  generationHeader,
  nextTraceparent,
  PageOutcomes,
  PageStates,
  possibleDuplicateHeader,
} from '@pagebridge/contracts';
import { LogLimiter, type OutgoingRecord, Publisher, type RefusedRecord, stubOf } from '@pagebridge/kafka';
import { LOG } from '@pagebridge/service';
import { alertIdentity, type Log } from '@pagebridge/vocabulary';
import type { LedgerWrite, LedgerWriter, RefusedWrite, Telling } from '../application/ports.ts';
import { packed } from '../domain/ledger/packing.ts';
import { type Fact, type Owed, outcomeId } from '../domain/report.ts';
import { deadLetterOf } from './dead-letter.ts';
import { service, source } from './source.ts';

/**
 * Writes alerts to `paging.page-states.v1`, and what follows from them to the outcomes and the dead letters.
 *
 * A state goes to the partition of its command, whatever partitioner the command's writer used.
 */
@Injectable()
export class KafkaLedgerWriter implements LedgerWriter {
  private readonly limiter = new LogLimiter((kind, leftOut) => {
    this.log.error({ kind, leftOut }, 'more could not be written than is logged');
  });

  constructor(
    private readonly publisher: Publisher,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async states(writes: readonly LedgerWrite[], signal: AbortSignal): Promise<readonly RefusedWrite[]> {
    const refused = await this.publisher.publishAccepted(writes.map(stateRecord), { signal });
    return refused.map(({ record, detail }) => ({ key: String(record.key), detail }));
  }

  async outcomes(tellings: readonly Telling[], signal: AbortSignal): Promise<void> {
    // The page is in the ledger, and in the dead letters where it was given up; only subscribers miss a fact of it.
    const refused = await this.publisher.publishAccepted(tellings.map(outcomeRecord), { signal });
    this.complain('an outcome cannot be written and is not told', refused);
  }

  async deadLetters(partition: number, owed: readonly Owed[], signal: AbortSignal): Promise<void> {
    const letters = owed.flatMap(({ page, outcome }) => deadLetterOf(partition, page, outcome, service) ?? []);
    const refused = await this.publisher.publishAccepted(letters, { signal });
    // The command itself is still in its topic, for as long as that keeps it: the stub says where.
    const stubs = refused.map(({ record, detail }) => stubOf(record, detail, [possibleDuplicateHeader]));
    const lost = await this.publisher.publishAccepted(stubs, { signal });
    this.complain('not even the stub of a dead letter can be written', lost);
  }

  private complain(message: string, refused: readonly RefusedRecord[]): void {
    for (const { record, detail } of refused) {
      if (this.limiter.admits(message)) this.log.error({ alert: record.key, detail }, message);
    }
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

function outcomeRecord({ outcome, traceparent }: Fact): OutgoingRecord {
  const attributes = { id: outcomeId(outcome), source, time: outcome.at, traceparent: nextTraceparent(traceparent) };
  return PageOutcomes.encode(alertIdentity(outcome.sourceOrg, outcome.alertKey), attributes, outcome);
}
