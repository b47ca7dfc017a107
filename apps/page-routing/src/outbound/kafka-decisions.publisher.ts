import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { nextTraceparent, SyncRequests } from '@pagebridge/contracts';
import { type OutgoingRecord, Publisher, RecordsRefusedError, type RefusedRecord } from '@pagebridge/kafka';
import { CLOCK } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import { outputOf } from '../application/outputs.ts';
import type { DecisionPublisher, Decisions, TracedRequest, Unwritable } from '../application/ports.ts';

const source = '/pagebridge/page-routing';

/** Writes decisions with one publish, which resolves when Kafka has acknowledged or finally refused every record. */
@Injectable()
export class KafkaDecisionPublisher implements DecisionPublisher {
  constructor(
    @Inject(Publisher) private readonly publisher: Pick<Publisher, 'publishAccepted'>,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'now'>,
  ) {}

  // Not async: while an async function waits, its arguments, here the alerts, cannot be garbage-collected.
  publish(decisions: Decisions, signal: AbortSignal): Promise<readonly Unwritable[]> {
    return this.write(outgoing(decisions, this.clock.now().toISOString()), signal);
  }

  private async write({ records, offsets }: Outgoing, signal: AbortSignal): Promise<readonly Unwritable[]> {
    return unwritable(await this.publisher.publishAccepted(records, { signal }), records, offsets);
  }
}

/** The records to write; `offsets` has the offset of the alert for each record, without the sync requests at the end. */
interface Outgoing {
  readonly records: OutgoingRecord[];
  readonly offsets: number[];
}

function outgoing({ decided, requests }: Decisions, time: string): Outgoing {
  const records: OutgoingRecord[] = [];
  const offsets: number[] = [];
  for (const { event, offset, decisions } of decided) {
    const traceparent = nextTraceparent(event.traceparent);
    for (const decision of decisions) {
      const output = outputOf(event, decision);
      if (!output) continue;
      const { contract, key, id, data } = output;
      records.push(contract.encode(key, { id, source, time, traceparent }, data));
      offsets.push(offset);
    }
  }
  for (const request of requests) records.push(requestRecordOf(request, time));
  return { records, offsets };
}

const requestRecordOf = ({ request, traceparent }: TracedRequest, time: string): OutgoingRecord =>
  SyncRequests.encode(
    request.directory,
    { id: randomUUID(), source, time, traceparent: nextTraceparent(traceparent) },
    request,
  );

function unwritable(
  refused: readonly RefusedRecord[],
  records: OutgoingRecord[],
  offsets: readonly number[],
): Unwritable[] {
  // A refused sync request costs no page: handle-sync also syncs periodically.
  const ofAlerts = refused.filter(({ record }) => record.topic !== SyncRequests.card.topic);
  const byAlert = Map.groupBy(ofAlerts, ({ record }) => offsets[records.indexOf(record)]);
  return [...byAlert].map(([offset, [first, ...others]]) => {
    // The alert of the refused record is not known, so the whole batch is retried.
    if (offset === undefined || !first) throw new RecordsRefusedError(refused);
    const more = others.length > 0 ? `, and ${others.length} more records of its alert` : '';
    const summary = `The record for ${subjectOf(first.record)} cannot be written${more}. A replay pages nobody twice.`;
    return { offset, detail: `${summary} ${first.detail}` };
  });
}

/** Returns the handle of a record that this publisher made, or `the recovery`. */
function subjectOf({ value }: OutgoingRecord): string {
  const { data } = JSON.parse(String(value)) as { readonly data: { readonly handle?: string } };
  return data.handle ?? 'the recovery';
}
