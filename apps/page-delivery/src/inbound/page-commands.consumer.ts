import { Controller } from '@nestjs/common';
import { EventPattern, Payload } from '@nestjs/microservices';
import {
  forceNewPageHeader,
  headerText,
  PageCommands,
  possibleDuplicateHeader,
  replayedFrom,
} from '@pagebridge/contracts';
import type { BatchResult, ConsumedRecord, Parked, RecordBatch } from '@pagebridge/kafka';
import type { RefusedCommand } from '@pagebridge/page-lifecycle';
import { type ReceivedCommand, type Replay } from '@pagebridge/page-lifecycle';
import { Delivery } from '../application/delivery.ts';
import { LedgerBusy, PartitionLost } from '../application/ledger/partition-lost.ts';
import { OperatorLog } from '../application/operator-log.ts';

const retryAfterMs = 250;

/**
 * Takes page commands into the ledger, one batch at a time.
 *
 * The offset is committed after `handle` resolves, when the ledger holds every command of the batch. Unreadable records
 * are parked unchanged before the commit.
 */
@Controller()
export class PageCommandsConsumer {
  constructor(
    private readonly delivery: Delivery,
    private readonly operatorLog: OperatorLog,
  ) {}

  @EventPattern<Record<string, RecordBatch>>(PageCommands.card.topic)
  handle(@Payload() { partition, records }: RecordBatch): Promise<BatchResult> {
    const parked: Parked[] = [];
    const commands: ReceivedCommand[] = [];
    for (const record of records) {
      const read = readCommand(record);
      if ('reason' in read) parked.push({ offset: record.offset, ...read });
      else commands.push(read);
    }
    return this.taken(this.delivery.handle(partition, commands), parked, records[0]?.offset ?? 0);
  }

  private async taken(
    taking: Promise<readonly RefusedCommand[]>,
    parked: Parked[],
    fromOffset: number,
  ): Promise<BatchResult> {
    try {
      for (const { received, refused } of await taking) {
        const { offset, command } = received;
        // A replay is what sends it: only a letter of its own can be replayed.
        parked.push({ offset, ...refused, isSound: true });
        if (command.kind === 'page') this.operatorLog.undeliverable({ ...command, ...refused });
      }
    } catch (error) {
      if (!(error instanceof PartitionLost || error instanceof LedgerBusy)) throw error;
      // No offset is committed: the owner of the partition reads the batch again.
      return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
    }
    return { parked };
  }
}

function readCommand(record: ConsumedRecord): ReceivedCommand | Pick<Parked, 'reason' | 'detail'> {
  // Each access to a field of a record decodes the field, so read each field once.
  const { topic, value, headers } = record;
  const decoded = PageCommands.decode({ value, headers });
  if (!decoded.ok) return { reason: decoded.reason, detail: decoded.detail };
  const { data, time, traceparent } = decoded.event;
  const replay = replayOf({ topic, value, headers });
  return {
    command: data,
    time,
    ...(traceparent ? { traceparent } : {}),
    offset: record.offset,
    ...(replay ? { replay } : {}),
  };
}

function replayOf(record: Pick<ConsumedRecord, 'topic' | 'value' | 'headers'>): Replay | undefined {
  const from = replayedFrom(record);
  if (from === undefined) return undefined;
  const isTrue = (header: string) => headerText(record, header) === 'true';
  return { from, possibleDuplicate: isTrue(possibleDuplicateHeader), forceNewPage: isTrue(forceNewPageHeader) };
}
