import { Audit, type AuditRecord, type OutgoingRecord } from '@pagebridge/contracts';
import type { Bus, Refused } from './kafka-bus.ts';
import type { BatchContents } from './letters/batch.ts';
import { now } from './letters/letters.fixtures.ts';
import type { StoredRecord } from './letters/record.ts';
import type { ReplayRecord } from './plan/replay-record.ts';

/** A Kafka that holds these records, and what is sent. */
export class FakeBus implements Bus {
  readonly sent: ReplayRecord[] = [];
  readonly audited: { readonly data: AuditRecord; readonly sentBefore: number }[] = [];
  constructor(
    private readonly records: readonly StoredRecord[],
    private readonly deps: {
      readonly contents?: BatchContents;
      readonly refuses?: string;
      readonly dies?: number;
      readonly auditIsAway?: boolean;
    } = {},
  ) {}

  async read(topics: readonly string[], onRecord: (record: StoredRecord) => void): Promise<void> {
    const replays = this.sent.map((record, offset) => ({ ...record, partition: 0, offset, timestamp: now.getTime() }));
    for (const record of [...this.records, ...replays]) if (topics.includes(record.topic)) onRecord(record);
  }

  async openBatch(_bytes: Buffer, _maxBytes: number): Promise<BatchContents> {
    return this.deps.contents ?? { records: [] };
  }

  async audit(record: OutgoingRecord): Promise<void> {
    if (this.deps.auditIsAway) throw new Error('the audit is away');
    const read = Audit.decode(record);
    if (!read.ok) throw new Error(read.detail);
    this.audited.push({ data: read.event.data, sentBefore: this.sent.length });
  }

  async publish(records: readonly ReplayRecord[]): Promise<readonly Refused[]> {
    const { refuses, dies } = this.deps;
    if (this.sent.length === dies) throw new Error('Kafka is away');
    const name = ({ headers }: ReplayRecord) => String(headers['x-replayed-from']);
    this.sent.push(...records.filter((record) => name(record) !== refuses));
    return records
      .filter((record) => name(record) === refuses)
      .map((record) => ({ name: name(record), detail: 'too large' }));
  }

  close = async (): Promise<void> => undefined;
}
