import { randomUUID } from 'node:crypto';
import { nextTraceparent, type OutgoingRecord, SyncRequests } from '@pagebridge/contracts';
import type { Publisher } from '@pagebridge/kafka';
import { outputsOf } from '../application/outputs.ts';
import type { Decided, DecisionPublisher, SyncWish } from '../application/ports.ts';

const source = '/pagebridge/page-routing';

/** Writes the decisions of many alerts with one publish: it resolves when every record is acknowledged. */
export class KafkaDecisionPublisher implements DecisionPublisher {
  constructor(
    private readonly publisher: Publisher,
    private readonly clock: () => Date,
  ) {}

  async publish(decided: readonly Decided[], wishes: readonly SyncWish[]): Promise<void> {
    const time = this.clock().toISOString();
    await this.publisher.publish([
      ...decided.flatMap((alert) => recordsOf(alert, time)),
      ...wishes.map(({ request, traceparent }) =>
        SyncRequests.encode(
          request.connectionId,
          { id: randomUUID(), source, time, traceparent: nextTraceparent(traceparent) },
          request,
        ),
      ),
    ]);
  }
}

function recordsOf(alert: Decided, time: string): OutgoingRecord[] {
  const outputs = outputsOf(alert);
  if (outputs.length === 0) return [];
  const traceparent = nextTraceparent(alert.event.traceparent);
  return outputs.map(({ encode }) => encode({ source, time, traceparent }));
}
