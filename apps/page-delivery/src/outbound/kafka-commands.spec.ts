import { describe, expect, it } from '@jest/globals';
import { type PageCommand, PageCommands, type PageState } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { FakeClock } from '@pagebridge/testing';
import { after, aPage, aResolve, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { KafkaCommands } from './kafka-commands.ts';

const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const command = aPage({ title: 'Disk full', description: 'Disk full @oncall-core-infra', tags: ['env:prod'] });
const state = after(command);
const [page] = state.pages as [PageState];
const { title, description, tags } = command;
const text = { title, description, tags };

type Written = Parameters<typeof PageCommands.encode>[2];

function recordOf(partition: number, offset: number, written: Written): ConsumedRecord {
  const attributes = { id: 'id', source: '/test', time: '2026-01-31T12:00:00.100Z' };
  const { topic, key, value, headers } = PageCommands.encode('acme-us/key', attributes, written);
  return { topic, partition, offset, timestamp: 0, key: Buffer.from(key), value: Buffer.from(value ?? ''), headers };
}

/** Commands of a topic, each partition with the same ones; a fetch returns `perFetch` of them. */
function running(
  written: (offset: number) => Written | undefined,
  perFetch = 200,
  asFetched = (record: ConsumedRecord): ConsumedRecord => record,
) {
  const clock = new FakeClock();
  const fetches: number[] = [];
  const topic = { fetches, isReadable: (): Promise<void> => Promise.resolve() };
  const reader = {
    readFrom: async (_: string, partition: number, low: number, onRecord: (record: ConsumedRecord) => void) => {
      fetches.push(low);
      await topic.isReadable();
      for (let offset = low; offset < low + perFetch; offset += 1) {
        const its = written(offset);
        if (its) onRecord(asFetched(recordOf(partition, offset, its)));
      }
      return low + perFetch;
    },
    health: () => ({ ready: true, detail: '' }),
    stop: async () => undefined,
  };
  return { clock, topic, commands: new KafkaCommands(reader, clock, log) };
}

const holding = (...written: Written[]) => running((offset) => written[offset]);
const backup = { ...page, pageId: 'backup', failoverOf: { ...page, slug: 'globex' } };

describe('the text of a page', () => {
  it('is that of its command, from memory once it was consumed or read', async () => {
    const { commands, topic } = holding(command);
    expect(commands.kept(0, state, page)).toBeUndefined();
    commands.keep(0, received(command));
    expect(commands.kept(0, state, page)).toMatchObject(text);
    expect(commands.kept(0, state, backup)).toMatchObject(text);

    commands.forget(0, page);
    expect(commands.kept(0, state, page)).toBeUndefined();
    expect(await commands.read(0, state, page)).toMatchObject(text);
    expect(commands.kept(0, state, page)).toMatchObject(text);
    expect(topic.fetches).toHaveLength(1);
  });

  it.each<[string, Written]>([
    ['another alert with the same page id', { ...command, alertKey: 'another alert' }],
    ['another org', { ...command, sourceOrg: 'other-us' }],
    ['another event of its alert', { ...command, alertEventId: 'another event' }],
    ['another page', { ...command, pageId: 'another page' }],
    ['a recovery', aResolve()],
  ])('is never that of %s, whose command has its offset in a topic that was created anew', async (_, other) => {
    const { commands } = holding(other);
    if (other.kind === 'page') commands.keep(0, received(other));
    expect(commands.kept(0, state, page)).toBeUndefined();
    expect(await commands.read(0, state, page)).toBe('gone');
    expect(commands.kept(0, state, page)).toBeUndefined();
  });

  it('is that of the command consumed last at its offset, not of one that was read before the topic was created anew', async () => {
    const { commands } = holding(aPage(), aPage());
    await commands.read(0, state, page);
    commands.keep(0, received(command));
    expect(commands.kept(0, state, page)).toMatchObject(text);
    expect(commands.kept(1, state, page)).toBeUndefined();
  });

  it('is the title alone, and says so, if the command is not in its topic any more', async () => {
    const { commands } = holding();
    expect(await commands.read(0, state, page)).toBe('gone');
  });

  it('is awaited for a second, and read later if the topic cannot be read; after a minute the page goes out with its title', async () => {
    const { commands, topic, clock } = holding(command);
    topic.isReadable = () => new Promise(ignore);
    const read = commands.read(0, state, page);
    await clock.advance(1000);
    expect(await read).toBeUndefined();

    // Another page of the partition takes no slot for a second, and leaves no read behind.
    await clock.advance(500);
    expect(await commands.read(0, state, page)).toBeUndefined();
    expect(topic.fetches).toHaveLength(1);
    await clock.advance(59_000);
    expect(await commands.read(0, state, page)).toBe('gone');
  });

  it('is read again later if the read fails', async () => {
    const { commands, topic } = holding(command);
    topic.isReadable = () => Promise.reject(new Error('no broker'));
    expect(await commands.read(0, state, page)).toBeUndefined();
    topic.isReadable = () => Promise.resolve();
    expect(await commands.read(0, state, page)).toMatchObject(text);
  });
});

it('a dead letter has the record of its command, also while the text is in memory, and those after it need no fetch', async () => {
  const { commands, topic } = holding(command, command);
  commands.keep(0, received(command));
  const second = { ...page, commandRecord: { offset: 1, time: '' } };
  const [own, next] = await Promise.all([page, second].map((its) => commands.commandOf(0, state, its)));
  expect(own?.record.value).toEqual(recordOf(0, 0, command).value);
  expect(own?.event.data).toEqual(command);
  expect(next?.record.offset).toBe(1);
  expect(topic.fetches).toEqual([0]);
});

describe('in a flood', () => {
  const flooding = (perFetch: number) => {
    const large: PageCommand = { ...command, description: 'x'.repeat(8000) };
    const process = running(() => large, perFetch);
    const pageAt = (offset: number): PageState => ({ ...page, commandRecord: { offset, time: '' } });
    const consumeAt = (offset: number) => process.commands.keep(0, received(large, offset));
    let consumed = 0;
    const consume = (count: number) => {
      for (let n = 0; n < count; n += 1, consumed += 1) consumeAt(consumed);
    };
    const isKept = (offset: number) => process.commands.kept(0, state, pageAt(offset)) !== undefined;
    return { ...process, consume, consumeAt, isKept, pageAt };
  };

  it('the texts in memory have a bound: those that were used least recently go first', () => {
    const { consume, isKept } = flooding(1);
    consume(5000);
    const kept = Array.from({ length: 5000 }, (_, offset) => isKept(offset));
    const first = kept.indexOf(true);
    expect(kept.slice(first).every(Boolean)).toBe(true);
    expect((5000 - first) * 2 * 8000).toBeLessThanOrEqual(64 * 1024 * 1024);
    expect(first).toBeLessThan(2000);

    consume(5000);
    expect([isKept(4999), isKept(9999)]).toEqual([false, true]);
  });

  it('a batch that is delivered again and again evicts nothing', () => {
    const { consume, consumeAt, isKept } = flooding(1);
    consume(2000);
    for (let n = 0; n < 10_000; n += 1) consumeAt(2000 + (n % 1000));
    expect(isKept(0)).toBe(true);
  });

  it('pages read back in order share a fetch, however many texts are consumed between two of them', async () => {
    const { commands, topic, consume, pageAt } = flooding(30);
    consume(5000);
    const isRead: boolean[] = [];
    for (let offset = 0; offset < 60; offset += 1) {
      // Half of what memory has room for.
      consume(2000);
      const its = commands.kept(0, state, pageAt(offset)) ?? (await commands.read(0, state, pageAt(offset)));
      isRead.push(typeof its === 'object' && its.description.length === 8000);
    }
    expect(isRead.every(Boolean)).toBe(true);
    expect(topic.fetches).toEqual([0, 30]);
  });

  it('a fetch stays whole while one with some of the same records leaves memory', async () => {
    const { commands, topic, consume, isKept, pageAt } = flooding(30);
    await commands.read(0, state, pageAt(10_010));
    await commands.read(0, state, pageAt(10_000));
    for (let n = 0; n < 5; n += 1) {
      consume(2000);
      expect(isKept(10_000)).toBe(true);
    }
    expect([isKept(10_039), isKept(10_029)]).toEqual([false, true]);
    expect(topic.fetches).toEqual([10_010, 10_000]);
  });

  it('a record that was read back does not keep the rest of its answer in memory', async () => {
    const answer = Buffer.alloc(1024 * 1024);
    const { commands } = running(
      () => command,
      1,
      (record) => {
        const value = record.value ?? Buffer.alloc(0);
        value.copy(answer);
        return { ...record, value: answer.subarray(0, value.length) };
      },
    );
    await commands.read(0, state, page);
    const { record } = (await commands.commandOf(0, state, page)) ?? {};
    expect(record?.value?.buffer.byteLength).toBeLessThan(answer.length);
  });

  it('a fetch that is larger than memory has room for serves its page, and those after it', async () => {
    const { commands, topic, pageAt } = flooding(9000);
    expect(await commands.read(0, state, pageAt(0))).toMatchObject({ title });
    expect(commands.kept(0, state, pageAt(8999))).toMatchObject({ title });
    expect(topic.fetches).toEqual([0]);
  });
});
