import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  nextTraceparent,
  ownerEpochHeader,
  PageOutcomes,
  PageStates,
  possibleDuplicateHeader,
} from '@pagebridge/contracts';
import { LogLimiter, type OutgoingRecord, Publisher, type RefusedRecord, stubOf } from '@pagebridge/kafka';
import { type OutcomeEvent, outcomeId, type UnreportedOutcome } from '@pagebridge/page-ledger';
import { LOG } from '@pagebridge/service';
import { alertIdentity, type Log } from '@pagebridge/vocabulary';
import type { LedgerWrite, LedgerWriter, PendingOutcome } from '../application/ports.ts';
import { letterOf } from './dead-letter.ts';
import { KafkaCommands } from './kafka-commands.ts';
import { source } from './source.ts';

/**
 * Writes the ledger to `paging.page-states.v1`, and outcomes and dead letters to their topics.
 *
 * A state is written to the partition of its command, whatever partitioner the command's producer used.
 */
@Injectable()
export class KafkaLedgerWriter implements LedgerWriter {
  private readonly limiter = new LogLimiter((kind, leftOut) => {
    this.log.error({ kind, leftOut }, 'lines about records that could not be written were left out');
  });

  constructor(
    private readonly publisher: Publisher,
    private readonly commands: KafkaCommands,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async states(writes: readonly LedgerWrite[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const refused = await this.publisher.publishAccepted(writes.map(stateRecord), { signal });
    return new Map(refused.map(({ record, detail }) => [String(record.key), detail]));
  }

  async outcomes(outcomes: readonly PendingOutcome[], signal: AbortSignal): Promise<void> {
    // Only subscribers miss the outcome: the page is in the ledger, and in the dead letters if it was given up.
    const refused = await this.publisher.publishAccepted(outcomes.map(outcomeRecord), { signal });
    this.logRefused('an outcome cannot be written and is skipped', refused);
  }

  async deadLetters(
    partition: number,
    unreportedOutcomes: readonly UnreportedOutcome[],
    signal: AbortSignal,
  ): Promise<void> {
    const letters: OutgoingRecord[] = [];
    // One after the other, so that the text of a page that is called for waits for one of them at most.
    for (const unreported of unreportedOutcomes) {
      const { page, outcome } = unreported;
      letters.push(letterOf(partition, unreported, await this.commands.commandOf(partition, outcome, page)));
      signal.throwIfAborted();
    }
    const refused = await this.publisher.publishAccepted(letters, { signal });
    // A stub has the position of the command, which is useful while the command's topic retains it.
    const stubs = refused.map(({ record, detail }) => stubOf(record, detail, [possibleDuplicateHeader]));
    const lost = await this.publisher.publishAccepted(stubs, { signal });
    this.logRefused('the stub of a dead letter cannot be written', lost);
  }

  private logRefused(message: string, refused: readonly RefusedRecord[]): void {
    for (const { record, detail } of refused) {
      if (this.limiter.admits(message)) this.log.error({ alert: record.key, detail }, message);
    }
  }
}

function stateRecord({ partition, ownerEpoch, write, watermark, key, state }: LedgerWrite): OutgoingRecord {
  if (!state) return { ...PageStates.tombstone(key), partition, headers: { [ownerEpochHeader]: String(ownerEpoch) } };
  const attributes = { id: randomUUID(), source, time: state.updatedAt };
  return {
    ...PageStates.encode(key, attributes, {
      ...state,
      ownerEpoch,
      write,
      ...(watermark ? { outcomeWatermark: watermark } : {}),
    }),
    partition,
  };
}

function outcomeRecord({ outcome, traceparent }: OutcomeEvent): OutgoingRecord {
  const attributes = { id: outcomeId(outcome), source, time: outcome.at, traceparent: nextTraceparent(traceparent) };
  return PageOutcomes.encode(alertIdentity(outcome.sourceOrg, outcome.alertKey), attributes, outcome);
}
