import { describe, expect, it } from '@jest/globals';
import { batchOverheadBytes } from '../record-size.ts';
import { maxBatchBytes, PartitionQueue, type QueuedRecord } from './partition-queue.ts';
import { PendingPublish } from './pending-publish.ts';

const identity = { producerId: '7', producerEpoch: 0 };
const aRecord = { topic: 't', key: 'k', value: 'v', headers: {} };
/** Returns a publish with more records than any test has, so that it never ends. */
const aPublish = () => {
  const publish = new PendingPublish(Array(10_000).fill(aRecord), {
    timeoutMs: Number.POSITIVE_INFINITY,
    causeOf: () => undefined,
  });
  publish.refused.catch(() => undefined);
  return publish;
};
const queueOf = () => new PartitionQueue('t', 0, identity);
const fill = (
  queue: PartitionQueue,
  values: readonly (string | number)[],
  { publish = aPublish(), bytes = 10 } = {},
) => {
  for (const value of values) {
    const record = { topic: 't', key: 'k', value: String(value), headers: {} };
    queue.add({ record, bytes, publish });
  }
  return publish;
};
const valuesOf = (entries: readonly QueuedRecord[] = []) => entries.map(({ record }) => record.value);
const sent = (queue: PartitionQueue) => {
  const batch = queue.next();
  return batch && { first: queue.partOf(batch).firstSequence, values: valuesOf(batch.entries) };
};

describe('the queue of a partition', () => {
  it('is cut into batches of bounded size, in order; a larger record is sent alone', () => {
    const queue = queueOf();
    const many = Array.from({ length: 1002 }, (_, n) => String(n));
    const half = (maxBatchBytes - batchOverheadBytes) / 2;
    fill(queue, many);
    fill(queue, ['large'], { bytes: maxBatchBytes });
    fill(queue, ['half', 'half too', 'rest'], { bytes: Math.floor(half) });
    fill(queue, ['half and more', 'the rest of it'], { bytes: Math.ceil(half) + 1 });
    const batches = [];
    for (let batch = queue.next(); batch; batch = queue.next()) {
      batches.push(valuesOf(batch.entries));
      queue.acknowledge();
    }
    const [full, rest] = [many.slice(0, 1000), many.slice(1000)];
    const bySize = [['half', 'half too'], ['rest'], ['half and more'], ['the rest of it']];
    expect(batches).toEqual([full, rest, ['large'], ...bySize]);
    expect(queue.isEmpty).toBe(true);
  });

  it('keeps the records and sequence numbers of a batch until its result is known, even if records are added', () => {
    const queue = queueOf();
    fill(queue, [1, 2]);
    const before = sent(queue);
    fill(queue, [3]);
    expect(sent(queue)).toEqual(before);
    queue.acknowledge();
    expect(sent(queue)).toEqual({ first: 2, values: ['3'] });
  });

  it('starts again at 0 after the largest sequence number', () => {
    const queue = queueOf();
    (queue as unknown as { sequence: number }).sequence = 2 ** 31 - 2;
    fill(queue, [1, 2, 3]);
    sent(queue);
    queue.acknowledge();
    fill(queue, [4]);
    expect(sent(queue)).toEqual({ first: 1, values: ['4'] });
  });

  it('uses the sequence numbers of a refused batch again, because the batch was not written', () => {
    const queue = queueOf();
    fill(queue, [1, 2, 3]);
    sent(queue);
    queue.refuse('MESSAGE_TOO_LARGE');
    expect(sent(queue)).toEqual({ first: 0, values: ['1', '2'] });
    queue.acknowledge();
    expect(sent(queue)).toEqual({ first: 2, values: ['3'] });
    expect(queue.hasIdentity).toBe(true);
  });

  it.each(['refused', 'given up'])(
    'never uses sequence numbers for other records if a batch with them may be in the log: %s',
    (how) => {
      const queue = queueOf();
      const publish = fill(queue, [1]);
      fill(queue, [2]);
      const batch = queue.next();
      if (batch) batch.maybeWritten = true;
      if (how === 'refused') queue.refuse('INVALID_RECORD');
      else publish.giveUp(new Error('given up'));
      queue.next();
      expect(queue.hasIdentity).toBe(false);
      queue.useIdentity({ producerId: '8', producerEpoch: 0 });
      expect(sent(queue)).toEqual({ first: 0, values: how === 'refused' ? ['1'] : ['2'] });
    },
  );

  it('neither sends nor keeps the records of a publish that was given up', () => {
    const queue = queueOf();
    const publish = fill(queue, [1, 2]);
    fill(queue, [3]);
    publish.giveUp(new Error('given up'));
    expect(sent(queue)).toEqual({ first: 0, values: ['3'] });
    fill(queue, [4], { publish });
    queue.prune();
    queue.acknowledge();
    expect(queue.isEmpty).toBe(true);
  });
});
