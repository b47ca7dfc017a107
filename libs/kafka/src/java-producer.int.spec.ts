import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { brokers, settingsWith, Topics, textOf } from '../test-fixtures/real-kafka.ts';
import { type ConsumedRecord, partitionFor, TableView } from './index.ts';

const { KAFKA_LIBS } = process.env;
const program = `${import.meta.dirname}/../test-fixtures/Produce.java`;

/** Returns, by key, the partition that a Java producer chose and the record that this library read. */
async function produceByJava(topic: string): Promise<Map<string, { chosen: number; read?: ConsumedRecord }>> {
  const { NODE_OPTIONS: _, ...env } = process.env;
  const args = ['-Dfile.encoding=UTF-8', '-Dstdout.encoding=UTF-8', '-cp', `${KAFKA_LIBS}/*`, program];
  const java = await promisify(execFile)('java', [...args, brokers.join(','), topic], {
    env: { ...env, LC_ALL: 'C.UTF-8' },
  });
  const lines = java.stdout
    .trim()
    .split('\n')
    .filter((line) => line.includes('\t'));
  const written = new Map<string, { chosen: number; read?: ConsumedRecord }>(
    lines.map((line) => {
      const [key = '', partition] = line.split('\t');
      return [key, { chosen: Number(partition) }];
    }),
  );
  const view = new TableView(settingsWith(), {
    topics: [topic],
    onRecord: (record) => {
      const entry = written.get(textOf(record.key));
      if (entry) entry.read = record;
    },
  });
  await view.start();
  await view.stop();
  return written;
}

// Runs only if the jars of Kafka are available: `npm run stack` provides them, an external broker does not.
(KAFKA_LIBS ? describe : describe.skip)('records of a Java producer', () => {
  const topics = new Topics();
  let written: Awaited<ReturnType<typeof produceByJava>>;
  beforeAll(async () => {
    written = await produceByJava(await topics.make(12));
  });
  afterAll(() => topics.remove());

  it('are in the partitions that partitionFor returns', () => {
    expect(written.size).toBe(200);
    for (const [key, { chosen }] of written) expect([key, partitionFor(key, 12)]).toEqual([key, chosen]);
  });

  it.each(['none', 'gzip', 'snappy', 'lz4', 'zstd'])('are read when compressed by %s', (codec) => {
    const ofCodec = [...written].filter(([key]) => key.startsWith(`${codec}/`));
    expect(ofCodec).toHaveLength(40);
    for (const [n, [key, { read }]] of ofCodec.entries()) {
      expect(read && textOf(read.value) === `${key}!`.repeat(1 + n * 250)).toBe(true);
    }
  });
});
