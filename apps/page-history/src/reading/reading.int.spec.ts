import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Alerts, orgAlertTopicOf, PageOutcomes, UnroutedHandles } from '@pagebridge/contracts';
import { connect, createDataSource } from '@pagebridge/database';
import type { Taken } from '@pagebridge/kafka';
import { anAlertRecord, asRead, uniqueName } from '@pagebridge/testing';
import fc from 'fast-check';
import type { DataSource } from 'typeorm';
import { Extents } from '../asked/extent.ts';
import { Stored } from '../asked/stored.ts';
import type { PageHistoryConfig } from '../config.ts';
import { Bus, RunningHistory } from '../page-history.fixtures.ts';
import { schema } from '../rows/schema.ts';
import { Days } from './days.ts';
import { HistoryWriter, OvertakenError } from './history-writer.ts';
import { dayOf } from './record-row.ts';
import { Standing } from './standing.ts';

// All but the clock.
const timers = [
  'setTimeout',
  'clearTimeout',
  'setInterval',
  'setImmediate',
  'nextTick',
  'performance',
  'queueMicrotask',
] as const;
const dayMs = 24 * 60 * 60 * 1000;
const connectionId = randomUUID();
const attributes = () => ({ id: randomUUID(), source: '/spec', time: new Date().toISOString() });
const topics = [Alerts, UnroutedHandles, PageOutcomes].map(({ card }) => card.topic);

/** Writes a record of each topic about an alert. */
const occurredAt = new Date().toISOString();
const recordsAbout = (sourceOrg: string, n: number, attempts: number) => {
  const alertKey = `monitor-${n}`;
  const about = { sourceOrg, alertKey, alertEventId: `e-${n}` };
  const unrouted = {
    title: 'Disk full',
    occurredAt,
    handle: '@oncall-dba',
    reason: 'unknown-handle',
    detail: '.',
  } as const;
  const page = { pageId: `page-000000000000000${n}`, connectionId, teamHandle: 'core-infra', at: occurredAt } as const;
  const outcome = { outcome: attempts > 2 ? 'delivered' : 'retried', attempts, possibleDuplicate: false } as const;
  const key = `${sourceOrg}/${alertKey}`;
  return [
    anAlertRecord({ sourceOrg, alertKey }),
    UnroutedHandles.encode(key, attributes(), { ...about, ...unrouted }),
    PageOutcomes.encode(key, attributes(), { ...about, ...page, ...outcome }),
  ];
};

type Log = ReadonlyMap<string, readonly ReturnType<typeof asRead>[]>;

/** Returns the next records of each topic, at most as many as it says. */
function taken(log: Log, standing: Standing, counts: readonly number[]): Taken {
  const parts = topics.map((topic, index) => {
    const low = standing.placesOf(topic)[0]?.offset ?? 0;
    return { topic, low, records: (log.get(topic) ?? []).slice(low, low + (counts[index] ?? 1)) };
  });
  const places = parts.map(({ topic, low, records }) => ({ topic, partition: 0, offset: low + records.length }));
  return { records: parts.flatMap(({ records }) => records), places, missed: [], skipped: [] };
}

const history = new RunningHistory();
let dataSource: DataSource;

beforeAll(async () => {
  await history.database.create();
  dataSource = createDataSource({ ...schema, url: history.database.url });
  await connect(dataSource, history.database.url, schema);
});
afterAll(async () => {
  await dataSource.destroy();
  await history.database.drop();
});

/** Returns all that is stored of an org, without what differs from one reading to another. */
const stored = async (sourceOrg: string) => ({
  records: await dataSource.query(
    'SELECT topic, topic_offset, kind, value FROM records WHERE source_org = ? ORDER BY topic, topic_offset',
    [sourceOrg],
  ),
  mentions: await dataSource.query(
    'SELECT alert_key, handle, state, attempts, reason FROM mentions WHERE source_org = ? ORDER BY alert_key, handle, state',
    [sourceOrg],
  ),
});

const nothing = { positions: [], asOf: null, lag: [] };
const forgetHolder = () => dataSource.query("UPDATE reader SET held_until = '2020-01-01'");
const forget = () => dataSource.query('DELETE FROM positions').then(forgetHolder);

describe('what is stored', () => {
  it('equals the topics, however often reading is cut off and begins again', async () => {
    const step = fc.record({
      counts: fc.tuple(fc.nat(3), fc.nat(3), fc.nat(3)),
      fate: fc.constantFrom('stored', 'lost before it was stored', 'lost after it was stored'),
    });
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        await forget();
        const sourceOrg = uniqueName('prop');
        const written = [1, 2, 3, 1, 2].flatMap((n, index) => recordsAbout(sourceOrg, n, index));
        const byTopic = Map.groupBy(written, ({ topic }) => topic);
        const log: Log = new Map(
          [...byTopic].map(([topic, records]) => [
            topic,
            records.map((record, offset) => asRead(record, { offset, timestamp: Date.now() })),
          ]),
        );
        let writer = new HistoryWriter(dataSource);
        let standing = new Standing((await writer.acquire()) ?? nothing);
        const restart = async () => {
          await forgetHolder();
          writer = new HistoryWriter(dataSource);
          standing = new Standing((await writer.acquire()) ?? nothing);
        };
        for (const { counts, fate } of [...steps, { counts: [9, 9, 9], fate: 'stored' }]) {
          const next = taken(log, standing, counts);
          const positions = standing.after(next);
          if (fate !== 'lost before it was stored') await writer.write(next.records, positions, 0);
          if (fate === 'stored') standing.stored(next, positions);
          else await restart();
        }
        const { records, mentions } = await stored(sourceOrg);
        const expected = written.map(({ topic, value }) => [topic, String(value)]).toSorted();
        const found = (records as { topic: string; value: Buffer }[]).map(({ topic, value }) => [topic, String(value)]);
        expect(found.toSorted()).toEqual(expected);
        expect((mentions as { state: string }[]).map(({ state }) => state).toSorted()).toEqual([
          'delivered',
          'delivered',
          'unrouted',
          'unrouted',
          'unrouted',
          'waiting',
        ]);
      }),
      { numRuns: 15 },
    );
  });

  it('has a record once that Kafka gives again after it lost the end of a partition', async () => {
    await forget();
    const writer = new HistoryWriter(dataSource);
    await writer.acquire();
    const sourceOrg = uniqueName('again');
    const records = recordsAbout(sourceOrg, 1, 3).map((record, offset) =>
      asRead(record, { offset, timestamp: Date.now() }),
    );
    await writer.write(records, [], 0);
    const once = await stored(sourceOrg);
    await writer.write(records, [], 0);
    expect(await stored(sourceOrg)).toEqual(once);
    expect(once.records).toHaveLength(3);
  });

  it('comes from one instance at a time; one that was overtaken stores nothing more', async () => {
    await forget();
    const [first, second] = [new HistoryWriter(dataSource), new HistoryWriter(dataSource)];
    expect(await first.acquire()).toMatchObject({ positions: [] });
    expect(await second.acquire()).toBeUndefined();
    await forgetHolder();
    expect(await second.acquire()).toMatchObject({ positions: [] });
    const sourceOrg = uniqueName('overtaken');
    const records = recordsAbout(sourceOrg, 1, 1).map((record) => asRead(record, { timestamp: Date.now() }));
    await expect(first.write(records, [], 0)).rejects.toThrow(OvertakenError);
    await expect(first.note(null, [])).rejects.toThrow(OvertakenError);
    expect((await stored(sourceOrg)).records).toEqual([]);
    await second.release();
    expect(await first.acquire()).toMatchObject({ positions: [] });
  });

  it('is dropped with its day', async () => {
    await forget();
    const days = new Days(dataSource, { HISTORY_DAYS: 7 } as PageHistoryConfig);
    const now = new Date();
    await days.keep(now);
    const writer = new HistoryWriter(dataSource);
    await writer.acquire();
    const sourceOrg = uniqueName('days');
    const at = (daysAgo: number) => ({ timestamp: now.getTime() - daysAgo * dayMs });
    const [alert] = recordsAbout(sourceOrg, 1, 1);
    if (!alert) throw new Error('no alert');
    const records = [0, 3, 6, 9].map((daysAgo, offset) => asRead(alert, { ...at(daysAgo), offset }));
    await writer.write(records, [], days.oldest(now));
    const offsets = async () =>
      ((await stored(sourceOrg)).records as { topic_offset: string }[]).map(({ topic_offset }) => Number(topic_offset));
    // What is older than all days was not stored at all.
    expect(await offsets()).toEqual([0, 1, 2]);
    await days.keep(new Date(now.getTime() + 3 * dayMs));
    expect(await offsets()).toEqual([0, 1]);
    await days.keep(new Date(now.getTime() + 40 * dayMs));
    expect(await offsets()).toEqual([]);
    expect(days.oldest(now)).toBe(dayOf(now) - 7);
  });

  it('has the first day by the clock of the database, whatever the clock of this machine says', async () => {
    const today = dayOf(new Date());
    jest.useFakeTimers({ now: Date.now() + 40 * dayMs, doNotFake: [...timers] });
    try {
      const days = new Days(dataSource, { HISTORY_DAYS: 7 } as PageHistoryConfig);
      expect((await days.keep()) - (today - 7)).toBeLessThanOrEqual(1);
    } finally {
      jest.useRealTimers();
    }
  });
});

describe('the extent of an answer', () => {
  it('is that of the shared topics and of those of the org', async () => {
    await forget();
    const now = new Date(Math.floor(Date.now() / 1000) * 1000);
    const earlier = new Date(now.getTime() - 3_600_000);
    const [own, foreign] = ['acme', 'initech'].map(orgAlertTopicOf) as [string, string];
    const behind = (topic: string, records: number | null, until: Date) => ({
      ...{ topic, partition: 0, records, until: until.getTime() },
    });
    const lag = [behind(foreign, null, earlier), behind(`${foreign}.dead`, 7, earlier), behind(own, 0, now)];
    await dataSource.query('UPDATE reader SET as_of = ?, lag = ?', [now, JSON.stringify(lag)]);
    await dataSource.query('INSERT INTO positions VALUES (?, 0, 1, ?, 0, NULL), (?, 0, 1, NULL, 3, ?)', [
      ...[foreign, now, `${foreign}.dead`, now],
    ]);
    const extents = new Extents(new Stored(dataSource), new Days(dataSource, { HISTORY_DAYS: 7 } as PageHistoryConfig));
    const keptSince = new Date((dayOf(now) - 7) * dayMs).toISOString();
    expect(await extents.now('acme')).toEqual({ keptSince, asOf: now.toISOString(), lag: [], leftOut: 0 });
    expect(await extents.now('initech')).toEqual({
      ...{ keptSince: now.toISOString(), asOf: earlier.toISOString(), leftOut: 3 },
      lag: [
        { topic: foreign, partition: 0, records: null },
        { topic: `${foreign}.dead`, partition: 0, records: 7 },
      ],
    });
  });
});

describe('a question that takes the database too long', () => {
  it('is refused with what to do, and not as if something could not be stored', async () => {
    const place = { ...schema, url: history.database.url };
    const stored = new Stored(createDataSource({ ...place, readSeconds: 1 }));
    await stored.dataSource.initialize();
    const columns = 'information_schema.COLUMNS';
    const slow = `SELECT COUNT(*) FROM ${columns} a, ${columns} b, ${columns} c`;
    await expect(stored.read((manager) => manager.query(slow))).rejects.toMatchObject({
      details: { code: 'answer-takes-too-long', detail: expect.stringContaining('Search a shorter period') },
    });
    await stored.dataSource.destroy();
  });
});

describe('a record that the database refuses', () => {
  const bus = new Bus();
  const service = new RunningHistory();
  beforeAll(async () => {
    await Promise.all([bus.start(), service.database.create()]);
    const refuse = "IF NEW.title = 'refused' THEN SIGNAL SQLSTATE '22001'; END IF";
    await service.database.query(`CREATE TRIGGER refuse BEFORE INSERT ON records FOR EACH ROW ${refuse}`);
    await service.start();
  });
  afterAll(async () => {
    await service.stop();
    await Promise.all([bus.stop(), service.database.drop()]);
  });

  it('is left out alone, which each answer tells', async () => {
    const sourceOrg = uniqueName('refused');
    const titles = ['a', 'b', 'refused', 'c', 'd'];
    await bus.write(...titles.map((title) => anAlertRecord({ sourceOrg, alertKey: 'one', title })));
    await service.caughtUp();
    const { body } = await service.get<{ items: { title: string }[]; leftOut: number }>(`${sourceOrg}/alerts`);
    expect(body.items.map(({ title }) => title).toSorted()).toEqual(['a', 'b', 'c', 'd']);
    expect(body.leftOut).toBe(1);
    const trace = await service.get<{ missing: string[] }>(`${sourceOrg}/trace?alertKey=one`);
    expect(trace.body.missing).toEqual([
      expect.stringMatching(/^Records that could not be read or stored, possibly of this alert: 1\./),
    ]);
  });
});
