import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import {
  nextTraceparent,
  ownerEpochHeader,
  type PageOutcome,
  PageOutcomes,
  type PageState,
  PageStates,
  possibleDuplicateHeader,
} from '@pagebridge/contracts';
import { KafkaError, type OutgoingRecord, Publisher, type RefusedRecord, stubOf } from '@pagebridge/kafka';
import { commandWaitMs, type OutcomeEvent, outcomeId, type UnreportedOutcome } from '@pagebridge/page-lifecycle';
import { CLOCK, LOG } from '@pagebridge/service';
import { alertIdentity, type Clock, type Log } from '@pagebridge/vocabulary';
import { type LedgerWrite, type LedgerWriter, NotWritten, type PendingOutcome } from '../application/ports.ts';
import { letterOf } from './dead-letter.ts';
import { type CommandRecord, KafkaCommands } from './kafka-commands.ts';
import { source } from './source.ts';
import { within } from './within.ts';

/**
 * Writes the ledger to `paging.page-states.v1`, and outcomes and dead letters to their topics.
 *
 * A state is written to the partition of its command, whatever partitioner the command's producer used.
 */
@Injectable()
export class KafkaLedgerWriter implements LedgerWriter {
  constructor(
    @Inject(Publisher) private readonly publisher: Pick<Publisher, 'publishAccepted'>,
    @Inject(KafkaCommands) private readonly commands: Pick<KafkaCommands, 'commandOf' | 'unreadMs'>,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'after'>,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async states(writes: readonly LedgerWrite[], signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
    const refusals = new Map<string, string>();
    const records = writes.flatMap((write) => {
      try {
        return stateRecord(write);
      } catch (error) {
        // A bug. It must not stop the other alerts of the partition.
        refusals.set(write.key, `it cannot be encoded: ${error}`);
        return [];
      }
    });
    const refused = await this.publish(records, signal);
    for (const { record, detail } of refused) refusals.set(String(record.key), detail);
    return refusals;
  }

  async outcomes(outcomes: readonly PendingOutcome[], signal: AbortSignal): Promise<void> {
    // Only subscribers miss the outcome: the page is in the ledger, and in the dead letters if it was given up.
    const records = new Map(outcomes.map((pending) => [outcomeRecord(pending), pending.outcome]));
    const refused = await this.publish([...records.keys()], signal);
    this.logRefused('page outcome not written; skipped', refused, records);
  }

  async deadLetters(
    partition: number,
    unreportedOutcomes: readonly UnreportedOutcome[],
    signal: AbortSignal,
  ): Promise<void> {
    const letters = new Map<OutgoingRecord, PageOutcome>();
    // One after the other, so that the text of a page that is called for waits for one of them at most.
    for (const unreported of unreportedOutcomes) {
      const { page, outcome } = unreported;
      letters.set(letterOf(partition, unreported, await this.commandOf(partition, outcome, page)), outcome);
      if (signal.aborted) throw new NotWritten('the write was aborted');
    }
    const refused = await this.publish([...letters.keys()], signal);
    // A stub has the position of the command, which is useful while the command's topic retains it.
    const stubs = new Map(
      refused.map(({ record, detail }) => [stubOf(record, detail, [possibleDuplicateHeader]), letters.get(record)]),
    );
    const lost = await this.publish([...stubs.keys()], signal);
    this.logRefused('dead letter stub not written', lost, stubs);
  }

  /** Returns the command of a page; undefined if it is gone, or cannot be read for a minute: all outcomes of the partition wait. */
  private async commandOf(partition: number, alert: PageOutcome, page: PageState): Promise<CommandRecord | undefined> {
    const leftMs = commandWaitMs - this.commands.unreadMs(partition);
    if (leftMs <= 0) return undefined;
    return within(this.clock, leftMs, this.commands.commandOf(partition, alert, page)).catch(notWritten);
  }

  private publish(records: readonly OutgoingRecord[], signal: AbortSignal): Promise<readonly RefusedRecord[]> {
    return this.publisher.publishAccepted(records, { signal }).catch(notWritten);
  }

  private logRefused(
    message: string,
    refused: readonly RefusedRecord[],
    outcomeOf: ReadonlyMap<OutgoingRecord, PageOutcome | undefined>,
  ): void {
    for (const { record, detail } of refused) {
      const { sourceOrg, alertKey, pageId, connectionId } = outcomeOf.get(record) ?? {};
      const cure = `Allow larger records in ${record.topic} (max.message.bytes of the topic).`;
      const its = { sourceOrg, alertKey, pageId, connectionId, reason: 'unwritable', detail, cure };
      this.log.error(its, message);
    }
  }
}

function notWritten(error: unknown): never {
  throw error instanceof KafkaError ? new NotWritten(error.message) : error;
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
