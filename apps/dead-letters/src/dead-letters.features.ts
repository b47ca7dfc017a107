import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { zstdCompressSync } from 'node:zlib';
import { cards, topicDefinitionsOf } from '@pagebridge/contracts';
import { type ConsumedRecord, createTopics, type OutgoingRecord, Publisher, TableView } from '@pagebridge/kafka';
import { uniqueName } from '@pagebridge/testing';

const brokers = process.env.KAFKA_BROKERS;
if (!brokers) throw new Error('KAFKA_BROKERS is not set: run these tests with `npm run test:int`');
const program = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const quiet = () => undefined;

/** A real Kafka, written to and seen from outside. The topics are shared: orgs tell tests apart. */
export class Outside {
  readonly records: ConsumedRecord[] = [];
  private readonly settings = {
    brokers: (brokers as string).split(','),
    clientId: uniqueName('dead-letters-spec'),
    log: { debug: quiet, info: quiet, warn: quiet, error: quiet },
  };
  private readonly publisher = new Publisher(this.settings);
  private readonly view: TableView;

  constructor(topics: readonly string[]) {
    this.view = new TableView(this.settings, { topics, onRecord: (record) => void this.records.push(record) });
  }

  async start(): Promise<void> {
    await createTopics(this.settings, cards.flatMap(topicDefinitionsOf));
    await this.publisher.start();
    await this.view.start();
  }

  write = (records: readonly OutgoingRecord[]): Promise<void> => this.publisher.publish(records);

  /** What stands in a topic under keys that begin like this. */
  under(topic: string, prefix: string): ConsumedRecord[] {
    return this.records.filter((record) => record.topic === topic && String(record.key).startsWith(prefix));
  }

  async stop(): Promise<void> {
    await this.view.stop();
    await this.publisher.close();
  }
}

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Starts the built program as a process of its own, as `npm run dead-letters` does. */
export const startProgram = (...line: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [program, ...line], { env: { ...process.env, NODE_OPTIONS: '', KAFKA_BROKERS: brokers } });

export async function runProgram(...line: string[]): Promise<Finished> {
  const child = startProgram(...line);
  child.stdin.end();
  const output = { stdout: '', stderr: '' };
  child.stdout.on('data', (bytes) => {
    output.stdout += bytes;
  });
  child.stderr.on('data', (bytes) => {
    output.stderr += bytes;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...output };
}

/** A record batch of version 2, zstd, as it stands in a log from this offset on. */
export function aZstdBatch(baseOffset: number, records: readonly OutgoingRecord[]): Buffer {
  const each = records.map(({ key, value }, delta) => {
    const body = Buffer.concat([Buffer.of(0), varint(0), varint(delta), block(key), block(value), varint(0)]);
    return Buffer.concat([varint(body.length), body]);
  });
  const compressed = zstdCompressSync(Buffer.concat(each));
  const head = Buffer.alloc(61);
  head.writeBigInt64BE(BigInt(baseOffset), 0);
  head.writeInt32BE(49 + compressed.length, 8);
  head.writeInt8(2, 16);
  head.writeInt16BE(4, 21);
  head.writeInt32BE(records.length - 1, 23);
  head.writeInt32BE(records.length, 57);
  return Buffer.concat([head, compressed]);
}

const block = (content: OutgoingRecord['value']): Buffer => {
  const bytes = Buffer.from(content ?? '');
  return Buffer.concat([varint(bytes.length), bytes]);
};

// Of numbers that are not negative, which zigzag doubles.
function varint(number: number): Buffer {
  const bytes: number[] = [];
  let left = number * 2;
  for (; left > 127; left = Math.floor(left / 128)) bytes.push((left % 128) + 128);
  return Buffer.from([...bytes, left]);
}
