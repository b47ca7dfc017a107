import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { Alerts } from '@pagebridge/contracts';
import { IS_COMPRESSED, IS_CONTROL, type KafkaRecord, Reader, readRecordsBatch } from '@platformatic/kafka';

/** A record of an alerts topic in a broker's log. For a compressed batch only the place is known. */
export interface LoggedRecord {
  readonly partition: number;
  readonly offset: number;
  /** Milliseconds, of the topic's timestamp type. */
  readonly timestamp: number;
  readonly content?: {
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers: Readonly<Record<string, Buffer | Buffer[]>>;
  };
}

const logAppendTime = 0x08;
const overheadBytes = 12;
const attributesAt = 21;

/**
 * Returns every record of these alerts topics, including open and aborted transactions, from the brokers' files: a client
 * might fail at the same bytes as the services. Reads the longest replica; once all brokers are up, replicas are equal.
 */
export function alertLog(brokerFolders: readonly string[], topics: readonly string[]): LoggedRecord[] {
  const partitions = Array.from({ length: Alerts.card.partitions }, (_, partition) => partition);
  const all = topics.flatMap((topic) => partitions.map((partition) => ({ topic, partition })));
  return all.flatMap(({ topic, partition }) => {
    const replicas = brokerFolders.map((folder) => segmentsIn(join(folder, `${topic}-${partition}`)));
    const [longest = []] = replicas.toSorted((a, b) => bytesIn(b) - bytesIn(a));
    return longest.flatMap((file) => recordsIn(readFileSync(file), partition));
  });
}

function segmentsIn(folder: string): string[] {
  const names = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.name.endsWith('.log'));
  return names.map(({ name }) => join(folder, name)).toSorted();
}

const bytesIn = (files: readonly string[]): number => files.reduce((sum, file) => sum + statSync(file).size, 0);

/** Returns the records of a log file; an incomplete batch at its end is still being written. */
export function recordsIn(log: Buffer, partition: number): LoggedRecord[] {
  const records: LoggedRecord[] = [];
  for (let at = 0; at + overheadBytes < log.length; ) {
    const end = at + overheadBytes + log.readInt32BE(at + 8);
    if (end > log.length) break;
    records.push(...recordsOf(log.subarray(at, end), partition));
    at = end;
  }
  return records;
}

function recordsOf(batch: Buffer, partition: number): LoggedRecord[] {
  const attributes = batch.readInt16BE(attributesAt);
  if ((attributes & IS_CONTROL) > 0) return [];
  const base = Number(batch.readBigInt64BE(0));
  const maxTimestamp = Number(batch.readBigInt64BE(35));
  if ((attributes & IS_COMPRESSED) > 0) {
    const length = batch.readInt32BE(23) + 1;
    return Array.from({ length }, (_, i) => ({ partition, offset: base + i, timestamp: maxTimestamp }));
  }
  const { records, firstTimestamp } = readRecordsBatch(Reader.from(batch));
  return records.map((record) => ({
    partition,
    offset: base + record.offsetDelta,
    timestamp: (attributes & logAppendTime) > 0 ? maxTimestamp : Number(firstTimestamp + record.timestampDelta),
    content: { key: record.key, value: record.value, headers: headersOf(record) },
  }));
}

function headersOf({ headers }: KafkaRecord): Record<string, Buffer | Buffer[]> {
  const byName = Map.groupBy(headers, ([name]) => String(name ?? ''));
  return Object.fromEntries([...byName].map(([name, all]) => [name, all.map(([, value]) => value ?? Buffer.alloc(0))]));
}
