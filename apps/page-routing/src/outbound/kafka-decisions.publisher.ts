import { randomUUID } from 'node:crypto';
import { nextTraceparent, type OutgoingRecord, SyncRequests } from '@pagebridge/contracts';
import type { Publisher } from '@pagebridge/kafka';
import { outputOf } from '../application/outputs.ts';
import type { DecisionPublisher, Decisions, SyncWish } from '../application/ports.ts';

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
    for await (const part of parts) yield recordsFor(part, time);
  }
}

function recordsFor({ decided, wishes }: Decisions, time: string): OutgoingRecord[] {
  const records = wishes.map((wish) => requestOf(wish, time));
  for (const { event, decisions } of decided) {
    const traceparent = nextTraceparent(event.traceparent);
    for (const decision of decisions) {
      const output = outputOf(event, decision);
      if (!output) continue;
      const { contract, key, id, data } = output;
      records.push(contract.encode(key, { id, source, time, traceparent }, data));
    }
  }
  return records;
}

const requestOf = ({ request, traceparent }: SyncWish, time: string): OutgoingRecord =>
  SyncRequests.encode(
    request.connectionId,
    { id: randomUUID(), source, time, traceparent: nextTraceparent(traceparent) },
    request,
  );
