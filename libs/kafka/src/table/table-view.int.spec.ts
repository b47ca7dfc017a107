import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { ObservedParts } from '../../test-fixtures/observed-parts.ts';
import { recordingLog, recordsTo, settingsWith, Topics, textOf } from '../../test-fixtures/real-kafka.ts';
import { clientOf, withAdmin } from '../driver/client.ts';
import { MissingTopicsError, Publisher, TableView, type TableViewOptions } from '../index.ts';

describe('a table view', () => {
  const topics = new Topics();
  const publisher = new Publisher(settingsWith());
  const views: TableView[] = [];
  beforeAll(() => publisher.start());
  afterEach(async () => {
    await Promise.all(views.splice(0).map((view) => view.stop()));
  });
  afterAll(async () => {
    await publisher.close();
    await topics.remove();
  });

  function viewOf(topic: string, options: Partial<TableViewOptions> = {}) {
    const table = new Map<string, string>();
    const view = new TableView(settingsWith({}, recordingLog()), {
      topics: [topic],
      onRecord: ({ key, value }) => {
        if (value === null) table.delete(textOf(key));
        else table.set(textOf(key), textOf(value));
        return undefined;
      },
      ...options,
    });
    views.push(view);
    return { view, table };
  }

  it('reads every partition to its end before start() resolves, and applies later records', async () => {
    const topic = await topics.make(6, { 'cleanup.policy': 'compact' });
    await publisher.publish(recordsTo(topic, 2000, (n) => `key-${n % 1500}`));
    const { view, table } = viewOf(topic);
    expect(view.health().ready).toBe(false);
    await view.start();
    expect(table.size).toBe(1500);
    expect(table.get('key-10')).toBe('value-1510');
    expect(view.health()).toMatchObject({ ready: true });
    expect(view.lag()).toBe(0);
    await publisher.publish([{ topic, key: 'key-10', value: null, headers: {} }]);
    await waitFor('the deletion', () => !table.has('key-10'));
  });

  it('counts the keys whose latest record cannot be read, until they are written again or deleted, and logs no content', async () => {
    const topic = await topics.make(2, { 'cleanup.policy': 'compact' });
    const parts = new ObservedParts();
    const log = recordingLog();
    const onRecord = ({ value }: { value: Buffer | null }) => {
      const text = textOf(value);
      if (text === 'secret throws') throw new Error('a bug');
      return text === 'secret' ? 'not-json' : undefined;
    };
    const write = (key: string, value: string | null) =>
      publisher.publish([{ topic, key, value: value && Buffer.from(value), headers: {} }]);
    for (const key of ['a', 'b', 'b', 'c']) await write(key, 'secret');
    await write('d', 'secret throws');
    const view = new TableView(settingsWith(parts.observer, log), { topics: [topic], onRecord });
    views.push(view);
    await view.start();
    expect(parts.unreadableKeysOf(topic)).toBe(4);
    await write('a', 'good');
    await waitFor('a to be readable', () => parts.unreadableKeysOf(topic) === 3);
    await write('b', null);
    await write('d', 'good');
    await waitFor('b and d to be readable', () => parts.unreadableKeysOf(topic) === 1);
    await write('c', 'good');
    await waitFor('c to be readable', () => parts.unreadableKeysOf(topic) === 0);
    await write('a', 'secret');
    await waitFor('a to be unreadable', () => parts.unreadableKeysOf(topic) === 1);
    const lines = log.lines.filter(({ level }) => level === 'error');
    expect(lines.map(({ message }) => message.split(' ').slice(0, 2).join(' ')).toSorted()).toEqual([
      'table record',
      ...Array(5).fill('unreadable table'),
    ]);
    const fields = { topic, partition: expect.any(Number), offset: expect.any(Number), detail: 'not-json' };
    expect(lines.find(({ message }) => message.startsWith('unreadable'))?.fields).toEqual(fields);
  });

  it('catches up with all records written before the call, unless its signal is aborted', async () => {
    const topic = await topics.make(2, { 'cleanup.policy': 'compact' });
    const { view, table } = viewOf(topic);
    await view.start();
    const partitions = [0, 1].map((partition) => ({ topic, partition }));
    for (let round = 1; round <= 5; round += 1) {
      await publisher.publish(recordsTo(topic, 1000, (n) => `key-${round}-${n}`));
      await view.catchUp(partitions, AbortSignal.timeout(120_000));
      expect(table.size).toBe(round * 1000);
    }
    await expect(view.catchUp(partitions, AbortSignal.abort(new Error('too late')))).rejects.toThrow('too late');
  });

  it('is ready at once if its topic is empty', async () => {
    const topic = await topics.make(3);
    const { view } = viewOf(topic);
    await view.start();
    expect(view.health().ready).toBe(true);
  });

  it('becomes ready if a topic ends in control records', async () => {
    const topic = await topics.make(1);
    const producer = clientOf(settingsWith()).producer({
      transactionalId: topic,
      idempotent: true,
      maxInFlightRequests: 1,
    });
    await producer.connect();
    for (const end of ['commit', 'abort'] as const) {
      const transaction = await producer.transaction();
      await transaction.send({ topic, messages: [{ key: end, value: end }] });
      await transaction[end]();
    }
    await producer.disconnect();
    const { view, table } = viewOf(topic);
    await view.start();
    expect([...table.keys()]).toEqual(['commit', 'abort']);
  });

  it('reports how stale it may be: no longer than one fetch, on a quiet or a busy topic', async () => {
    const topic = await topics.make(3, { 'cleanup.policy': 'compact' });
    await publisher.publish(recordsTo(topic, 30));
    const { view } = viewOf(topic);
    expect(view.staleMs()).toBe(Number.POSITIVE_INFINITY);
    await view.start();
    const startedAt = performance.now();
    const isFresh = () => view.staleMs() < performance.now() - startedAt;
    await waitFor('a fetch of every quiet partition', isFresh);
    await waitFor('a fetch of every busy partition', async () => {
      await publisher.publish(recordsTo(topic, 30));
      return view.staleMs() < 1000;
    });
  });

  it('keeps the former entry of a key if a record cannot be applied', async () => {
    const topic = await topics.make(1);
    const table = new Map<string, string>();
    const { view } = viewOf(topic, {
      onRecord: ({ key, value }) => {
        if (textOf(value) === 'poison') throw new Error('cannot read this');
        table.set(textOf(key), textOf(value));
      },
    });
    const written = ['good', 'poison'].map((value) => ({ topic, key: 'k', value: Buffer.from(value), headers: {} }));
    await publisher.publish([...written, ...recordsTo(topic, 1)]);
    await view.start();
    expect(Object.fromEntries(table)).toEqual({ k: 'good', 'key-0': 'value-0' });
    expect(view.health().detail).toContain(', 1 records failed');
  });

  it('belongs to no consumer group', async () => {
    const topic = await topics.make(1);
    const settings = { ...settingsWith(), clientId: topic };
    const before = await withAdmin(settings, (admin) => admin.listGroups());
    const view = new TableView(settings, { topics: [topic], onRecord: () => undefined });
    views.push(view);
    await view.start();
    const after = await withAdmin(settings, (admin) => admin.listGroups());
    const known = new Set(before.groups.map(({ groupId }) => groupId));
    expect(after.groups.filter(({ groupId }) => !known.has(groupId))).toEqual([]);
  });

  it('continues after records that retention deletes while it reads', async () => {
    const topic = await topics.make(1);
    await publisher.publish(recordsTo(topic, 3));
    const { view, table } = viewOf(topic);
    await view.start();
    await withAdmin(settingsWith(), async (admin) => {
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    });
    await publisher.publish(recordsTo(topic, 1, () => 'later'));
    await waitFor('the later record', () => table.has('later'));
  });

  it('rejects with MissingTopicsError if a topic does not exist', async () => {
    const { view } = viewOf('no-such-topic');
    await expect(view.start()).rejects.toThrow(MissingTopicsError);
  });
});
