import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { cards, topicDefinitionsOf } from '@pagebridge/contracts';
import {
  type ConsumedRecord,
  createTopics,
  type OutgoingRecord,
  Publisher,
  securityOf,
  TableView,
} from '@pagebridge/kafka';
import { testBrokers, uniqueName } from '@pagebridge/testing';

const brokers = testBrokers();
const program = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
const quiet = () => undefined;

/** Writes to and reads from a real Kafka. The topics are shared; each test uses an org of its own. */
export class Outside {
  readonly records: ConsumedRecord[] = [];
  private readonly settings = {
    brokers,
    clientId: uniqueName('dead-letters-spec'),
    security: securityOf(process.env),
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

  /** Returns the records of a topic whose keys begin with `prefix`. */
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

/** Starts the built program in its own process. */
export const startProgram = (...line: string[]): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [program, 'dead-letters', ...line, '--kafka'], {
    env: { ...process.env, NODE_OPTIONS: '', KAFKA_BROKERS: brokers.join(), PAGEBRIDGE_ACTOR: 'ada' },
  });

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
