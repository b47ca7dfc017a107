import { randomUUID } from 'node:crypto';
import { nextTraceparent, type OutgoingRecord, SyncRequests } from '@pagebridge/contracts';
import type { Publisher } from '@pagebridge/kafka';
import { outputsOf } from '../application/outputs.ts';
import type { Decided, DecisionPublisher, Decisions, SyncWish } from '../application/ports.ts';

const source = '/pagebridge/page-routing';

/** Writes the decisions of many alerts with one publish: it resolves when every record is acknowledged. */
export class KafkaDecisionPublisher implements DecisionPublisher {
  constructor(
    private readonly publisher: Pick<Publisher, 'publishParts'>,
    private readonly clock: () => Date,
  ) {}

  publish(parts: AsyncIterable<Decisions>): Promise<void> {
    return this.publisher.publishParts(this.recordsOf(parts));
  }

  private async *recordsOf(parts: AsyncIterable<Decisions>): AsyncGenerator<OutgoingRecord[]> {
    const time = this.clock().toISOString();
    for await (const { decided, wishes } of parts) {
      const records = wishes.map((wish) => requestOf(wish, time));
      for (const alert of decided) encodeInto(records, alert, time);
      yield records;
    }
  }
}

function encodeInto(records: OutgoingRecord[], alert: Decided, time: string): void {
  const outputs = outputsOf(alert);
  if (outputs.length === 0) return;
  const traceparent = nextTraceparent(alert.event.traceparent);
  for (const { contract, key, id, data } of outputs) {
    records.push(contract.encode(key, { id, source, time, traceparent }, data));
  }
}

const requestOf = ({ request, traceparent }: SyncWish, time: string): OutgoingRecord =>
  SyncRequests.encode(
    request.connectionId,
    { id: randomUUID(), source, time, traceparent: nextTraceparent(traceparent) },
    request,
  );
