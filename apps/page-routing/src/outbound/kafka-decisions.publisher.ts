import { randomUUID } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { nextTraceparent, SyncRequests } from '@pagebridge/contracts';
import { type OutgoingRecord, Publisher, RecordsRefusedError, type RefusedRecord } from '@pagebridge/kafka';
import { CLOCK } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import { outputOf } from '../application/outputs.ts';
import type { DecisionPublisher, Decisions, TracedRequest, Unwritable } from '../application/ports.ts';

const source = '/pagebridge/page-routing';

/** Writes the decisions on some alerts with one publish: it resolves when every record is acknowledged, or never will be. */
@Injectable()
export class KafkaDecisionPublisher implements DecisionPublisher {
  constructor(
    @Inject(Publisher) private readonly publisher: Pick<Publisher, 'publishAccepted'>,
    @Inject(CLOCK) private readonly clock: Pick<Clock, 'now'>,
  ) {}

  // Not async: such a function keeps its arguments while it waits, and so the alerts until all is acknowledged.
  publish(decisions: Decisions, signal: AbortSignal): Promise<readonly Unwritable[]> {
    return this.write(outgoing(decisions, this.clock.now().toISOString()), signal);
  }

  private async write({ records, offsets }: Outgoing, signal: AbortSignal): Promise<readonly Unwritable[]> {
    return unwritable(await this.publisher.publishAccepted(records, { signal }), records, offsets);
  }
}

/** What is to be written; `offsets` says of each record of an alert, in their order, where that alert stood. */
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
  // A fresh look that cannot be asked for pages nobody less: the next one comes by itself.
  const ofAlerts = refused.filter(({ record }) => record.topic !== SyncRequests.card.topic);
  const byAlert = Map.groupBy(ofAlerts, ({ record }) => offsets[records.indexOf(record)]);
  return [...byAlert].map(([offset, [first, ...others]]) => {
    // Nobody can be told whose record it is: all of them come again.
    if (offset === undefined || !first) throw new RecordsRefusedError(refused);
    const more = others.length > 0 ? `, nor can ${others.length} more of its alert` : '';
    const said = `The record for ${subjectOf(first.record)} cannot be written${more}. A replay pages nobody twice.`;
    return { offset, detail: `${said} ${first.detail}` };
  });
}

/** The handle that a record of ours is about; a recovery is about none. */
function subjectOf({ value }: OutgoingRecord): string {
  const { data } = JSON.parse(String(value)) as { readonly data: { readonly handle?: string } };
  return data.handle ?? 'the recovery';
}
