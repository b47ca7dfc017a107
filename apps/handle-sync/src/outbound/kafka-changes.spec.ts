import { beforeEach, describe, expect, it } from '@jest/globals';
import { type HandleChange, HandleChanges, handleKey } from '@pagebridge/contracts';
import { BrokerUnreachableError, type ConsumedRecord, type RangeReader } from '@pagebridge/kafka';
import { asRead } from '@pagebridge/testing';
import { ChangesNotReadError, TooManyChangesError } from '../application/ports.ts';
import type { PlacedChange } from '../domain/latest-changes.ts';
import { KafkaChanges } from './kafka-changes.ts';

const own = 'EU1/org-globex/account-1';
const foreign = 'EU1/org-initech/account-2';
const sinceMs = Date.parse('2026-01-31T12:00:00Z');
const bounds = { records: 5, reads: 2, readsOfOrg: 2, timeoutMs: 10_000 };

type Read = RangeReader['readSince'];
let records: ConsumedRecord[];
let asked: unknown[];
let taken: PlacedChange[];

const recordOf = (its: Partial<HandleChange> = {}, offset = 0): ConsumedRecord => {
  const change: HandleChange = {
    directory: own,
    teamId: 'a',
    kind: 'added',
    teamHandle: 'core',
    teamName: 'Core',
    at: new Date(sinceMs + 1000).toISOString(),
    ownerEpoch: 3,
    ...its,
  };
  const key = handleKey(change.directory, change.teamId);
  return asRead(HandleChanges.encode(key, { id: '1', source: '/t', time: change.at }, change), {
    partition: 7,
    offset,
  });
};
const readAll: Read = async (topic, partition, since, onRecord) => {
  asked.push([topic, partition, since]);
  for (const record of records) onRecord(record);
};
const changesOf = (readSince: Read, its: Partial<typeof bounds> = {}) =>
  new KafkaChanges({ readSince }, () => 7, { ...bounds, ...its });
const read = (changes: KafkaChanges, sourceOrg = 'acme-us') =>
  changes.read({ sourceOrg, directories: new Set([own]), sinceMs }, (placed) => taken.push(placed));
const never: Read = () => new Promise(() => undefined);

beforeEach(() => {
  records = [];
  asked = [];
  taken = [];
});

describe('reading the log of changes', () => {
  it('returns the changes of the directories since the time, with their positions, from their partitions only', async () => {
    records.push(recordOf({ teamId: 'a/b' }), recordOf({ directory: foreign }));
    records.push(recordOf({ at: new Date(sinceMs - 1).toISOString() }));
    await read(changesOf(readAll));
    expect(taken).toMatchObject([{ atMs: sinceMs + 1000, partition: 7, offset: 0, change: { teamId: 'a/b' } }]);
    expect(asked).toEqual([['paging.handle-changes.v1', 7, sinceMs]]);
    await changesOf(never).read({ sourceOrg: 'acme-us', directories: new Set(), sinceMs }, () => undefined);
  });

  it('skips records that cannot be read, or whose key is that of another directory', async () => {
    const { value } = recordOf({ directory: foreign });
    records.push(
      { ...recordOf(), value: Buffer.from('hello') },
      { ...recordOf(), value },
      { ...recordOf(), key: null },
    );
    await read(changesOf(readAll));
    expect(taken).toEqual([]);
  });

  it('skips records of a former owner of the directory', async () => {
    for (const [offset, ownerEpoch] of [4, 3, 4].entries()) records.push(recordOf({ ownerEpoch }, offset));
    await read(changesOf(readAll));
    expect(taken.map(({ offset }) => offset)).toEqual([0, 2]);
  });

  it('ends if there are more records to read than one answer may, of any directory', async () => {
    for (let offset = 0; offset <= bounds.records; offset += 1) records.push(recordOf({ directory: foreign }, offset));
    await expect(read(changesOf(readAll))).rejects.toThrow(TooManyChangesError);
    records.pop();
    await read(changesOf(readAll));
  });

  it('is given up after its timeout, and stops reading at the next record', async () => {
    let hand: () => void = () => undefined;
    const slow: Read = (_topic, _partitions, _since, onRecord) =>
      new Promise(() => {
        hand = () => onRecord(recordOf());
      });
    await expect(read(changesOf(slow, { timeoutMs: 1 }))).rejects.toThrow(ChangesNotReadError);
    expect(hand).toThrow(ChangesNotReadError);
    expect(taken).toEqual([]);
  });

  it('is refused while the maximum number of reads is in progress', async () => {
    const ends: (() => void)[] = [];
    const changes = changesOf(() => new Promise((resolve) => ends.push(resolve)));
    const reading = [read(changes), read(changes)];
    await expect(read(changes)).rejects.toThrow(ChangesNotReadError);
    for (const end of ends) end();
    await Promise.all(reading);
    const again = read(changes);
    ends.at(-1)?.();
    await again;
  });

  it('is refused to an org with its maximum number of reads in progress, and not to others', async () => {
    const ends: (() => void)[] = [];
    const slow: Read = () => new Promise((resolve) => ends.push(resolve));
    const changes = changesOf(slow, { reads: 4 });
    const reading = [read(changes), read(changes)];
    await expect(read(changes)).rejects.toThrow('2 other requests are reading changes of this source org');
    reading.push(read(changes, 'other-org'));
    ends[0]?.();
    await reading[0];
    reading.push(read(changes));
    for (const end of ends) end();
    await Promise.all(reading);
  });

  it('reports that Kafka is down', async () => {
    const away: Read = () => Promise.reject(new BrokerUnreachableError(['kafka:9092'], undefined));
    await expect(read(changesOf(away))).rejects.toThrow(ChangesNotReadError);
  });
});
