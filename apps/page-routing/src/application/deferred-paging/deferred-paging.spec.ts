import { beforeEach, describe, expect, it, jest } from '@jest/globals';
import { orgAlertTopicOf, replayedFromHeader } from '@pagebridge/contracts';
import { DeliveryTimeoutError } from '@pagebridge/kafka';
import { heapBytes } from '@pagebridge/testing';
import { Log, partition, Router, settled, topicPartition } from './deferred-paging.fixtures.ts';

let log: Log;
let router: Router;

beforeEach(async () => {
  log = new Log();
  router = new Router(log).connect().own();
  await settled();
});

const message = 'It fails. @oncall-new, @oncall-known!';
const recovery = { transition: 'recovered' } as const;
const minutesAgo = '2026-05-31T23:58:00Z';
const replayed = (record: ReturnType<typeof log.append>) => ({
  ...record,
  headers: { ...record.headers, [replayedFromHeader]: `${topicPartition.topic}.dead/3/7` },
});

/** Starts a router after the former one stopped, with these teams in its registry. */
const successor = (...teams: readonly string[]): Router => {
  router.late.stop();
  const next = new Router(log).connect();
  for (const team of teams) next.addTeam(team);
  return next.own();
};

describe('a handle that was unknown when its alert fired', () => {
  it('is paged as soon as it is known, with the id, time and text of a prompt page, and the tag `late`', async () => {
    router.addTeam('known');
    await router.alert({ message });
    const [prompt] = log.pages;
    expect(log.unrouted.map(({ data }) => data)).toMatchObject([
      { handle: '@oncall-new', waitingUntil: '2026-06-01T00:10:00.001Z', alert: { partition, offset: 0 } },
    ]);
    log.advance(9);
    router.addTeam('new');
    await settled();
    const [, late] = log.pages;
    const { alertRecord: _onlyOfPrompt, ...same } = prompt ?? {};
    const ofTeam = { pageId: expect.any(String), teamId: 'new', teamHandle: 'new', handle: '@oncall-new' };
    expect(late).toEqual({ ...same, ...ofTeam, tags: ['late', ...(prompt?.tags ?? [])] });
    const again = new Router(log).connect();
    again.addTeam('new');
    await again.route(...log.records);
    expect(log.pages.at(-1)?.pageId).toBe(late?.pageId);
    expect(router.late.size).toBe(0);
  });

  it('is paged as soon as the part of the registry is read that has it, also by another instance', async () => {
    router.gap = 'paging.handles.v1/3 has not been read yet: LEADER_NOT_AVAILABLE';
    await router.alert({ message: '@oncall-new' });
    await router.alert({ message: '@oncall-newer' });
    expect(log.unrouted.map(({ data }) => data)).toMatchObject([
      { reason: 'registry-incomplete', waitingUntil: expect.any(String) },
      { reason: 'registry-incomplete', waitingUntil: expect.any(String) },
    ]);
    router.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
    successor('newer');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new', 'page @oncall-newer']);
  });

  it('is paged once, even if its team is published several times', async () => {
    await router.alert({ message: '@oncall-new' });
    for (let n = 0; n < 3; n += 1) router.addTeam('new');
    await settled();
    router.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('is checked once when its org changes, without a search for the nearest handle', async () => {
    const names = Array.from({ length: 1000 }, (_, n) => `team-of-servise-x${n}`);
    for (let from = 0; from < names.length; from += 100) {
      const mentions = names.slice(from, from + 100).map((name) => `@oncall-${name}`);
      await router.alert({ message: mentions.join(' ') });
    }
    expect(router.late.size).toBe(1000);
    const { registry, late } = router;
    const [checks, ...searches] = [
      jest.spyOn(registry, 'isRouted'),
      jest.spyOn(registry, 'resolve'),
      jest.spyOn(registry, 'nearest'),
    ];
    late.orgChanged('acme-us');
    expect(checks.mock.calls.map(([, name]) => name)).toEqual(names);
    for (const search of searches) expect(search).not.toHaveBeenCalled();
  });

  it('keeps its name in memory, not the message of its alert', async () => {
    const before = heapBytes();
    for (let n = 0; n < 60; n += 1) {
      await router.alert({ message: `@oncall-nobody-knows-team-${n} ${'It fails. '.repeat(25_000)}` });
    }
    expect(heapBytes() - before).toBeLessThan(5_000_000);
    expect(router.late.size).toBe(60);
  });

  it('is paged when the connection that qualifies it is created', async () => {
    const first = new Router(log).own();
    await first.alert({ message: '@oncall-globex-eu/core' });
    first.addTeam('core');
    await settled();
    expect(log.commandTexts).toEqual([]);
    first.connect();
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-globex-eu/core']);
  });

  it.each([
    ['its time is over', () => log.advance(10)],
    ['its alert has recovered', () => router.alert(recovery)],
    ['its alert has recovered by a clock that is behind', () => router.alert({ ...recovery, occurredAt: minutesAgo })],
    ['its alert has recovered in a replay', () => router.route(replayed(log.append(recovery)))],
    ['its org has declared it local', () => configure({ localHandles: ['new'] })],
  ])('is not paged when %s', async (_why, happens) => {
    await router.alert({ message: '@oncall-new' });
    await happens();
    router.addTeam('new');
    await settled();
    expect(log.pages).toEqual([]);
  });

  it.each([
    ['a recovery that is five minutes older than its alert', false, '2026-05-31T23:55:00Z'],
    ['the replay of an older recovery', true, minutesAgo],
  ])('is still paged after %s', async (_what, isReplay, occurredAt) => {
    await router.alert({ message: '@oncall-new' });
    const record = log.append({ ...recovery, occurredAt });
    await router.route(isReplay ? replayed(record) : record);
    router.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual(['resolve', 'page @oncall-new']);
  });

  it.each([
    ['if the fallback is paged', { message: '@oncall-new' }, { localHandles: [], fallbackHandle: 'known' }],
    ['in a manual alert', { message: '@oncall-new', origin: 'manual' }, { localHandles: [] }],
    ['if it is local', { message: '@oncall-new' }, { localHandles: ['new'] }],
    ['if it is longer than a handle can be', { message: `@oncall-${'n'.repeat(260)}` }, { localHandles: [] }],
  ] as const)('does not wait %s', async (_which, its, settings) => {
    router.addTeam('known');
    configure(settings);
    await router.alert(its);
    expect(log.unrouted.map(({ data }) => data.waitingUntil)).toEqual(log.unrouted.map(() => undefined));
    expect(router.late.size).toBe(0);
  });

  it('does not wait in a recovery of an org without a connection', async () => {
    const first = new Router(log).own();
    await first.alert({ message: '@oncall-new', ...recovery });
    expect(first.late.size).toBe(0);
  });

  it('is the only reason to write the recovery of an org without a connection', async () => {
    const first = new Router(log).own();
    await settled();
    await first.alert({ message: '@oncall-new' });
    await first.alert({ ...recovery, alertKey: 'other' });
    await first.alert({ ...recovery, sourceOrg: 'initech', alertKey: 'other' });
    expect(log.commandTexts).toEqual([]);
    log.advance(9);
    await first.alert(recovery);
    log.advance(3);
    await first.alert(recovery);
    expect(log.commandTexts).toEqual(['resolve']);
  });

  it('has its recovery written as long as it waits by a clock that is a minute behind', async () => {
    const first = new Router(log).own();
    await settled();
    await first.alert({ message: '@oncall-new' });
    log.advance(10.9);
    await first.alert(recovery);
    expect(log.commandTexts).toEqual(['resolve']);
  });

  it('does not wait if deferred paging is switched off', async () => {
    const off = new Router(log, 0).connect().own();
    await off.alert({ message: '@oncall-new' });
    off.addTeam('new');
    await settled();
    expect(log.unrouted[0]?.data).not.toHaveProperty('waitingUntil');
    expect(log.pages).toEqual([]);
  });

  it('waits only by the last decision on its alert', async () => {
    const record = log.append({ message: '@oncall-new' });
    await router.route(record);
    router.registry.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['new'], version: 1 });
    await router.route(record);
    expect(router.late.size).toBe(0);
  });
});

const configure = (its: { readonly localHandles: readonly string[]; readonly fallbackHandle?: string }) =>
  router.feed.applySourceOrg('acme-us', {
    sourceOrg: 'acme-us',
    version: 1,
    ...its,
    localHandles: [...its.localHandles],
  });

describe('a late page and the recovery of its alert', () => {
  it('are written in this order if the page comes first, however long Kafka takes', async () => {
    await router.alert({ message: '@oncall-new' });
    const { promise, resolve } = Promise.withResolvers<void>();
    log.gate = promise;
    router.addTeam('new');
    await settled();
    log.gate = Promise.resolve();
    const routed = router.alert(recovery);
    await settled();
    expect(log.commandTexts).toEqual([]);
    resolve();
    await routed;
    expect(log.commandTexts).toEqual(['page @oncall-new', 'resolve']);
  });

  it.each(['first', 'second'])(
    'become only a resolve if the recovery has its turn first, and is read %s',
    async (read) => {
      await router.alert({ message: '@oncall-new' });
      if (read === 'second') router.addTeam('new');
      const { promise, resolve } = Promise.withResolvers<void>();
      log.gate = promise;
      const routed = router.alert(recovery);
      if (read === 'first') router.addTeam('new');
      await settled();
      resolve();
      await routed;
      await settled();
      expect(log.commandTexts).toEqual(['resolve']);
    },
  );
});

describe('a late page that is not written at once', () => {
  beforeEach(async () => {
    await router.alert({ message: '@oncall-new' });
  });

  it('is retried until Kafka accepts it, even after the wait of its handle has ended', async () => {
    log.failure = new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000);
    router.addTeam('new');
    await settled();
    log.advance(20);
    await settled();
    expect(log.pages).toEqual([]);
    log.failure = undefined;
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('is not written while this instance is not a member of the group', async () => {
    router.isMember = false;
    router.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual([]);
    router.isMember = true;
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('is left to the next owner once the partition is lost', async () => {
    log.gate = Promise.withResolvers<void>().promise;
    router.addTeam('new');
    await settled();
    router.late.disown({ topic: topicPartition.topic, partition });
    log.gate = Promise.resolve();
    await settled();
    expect(log.commandTexts).toEqual([]);
    successor('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('does not block others if its alert cannot be read any more', async () => {
    await router.alert({ alertKey: 'other', message: '@oncall-new' });
    log.unreadable.add(0);
    router.addTeam('new');
    await settled();
    expect(log.pages.map(({ alertKey }) => alertKey)).toEqual(['other']);
    expect(router.notices).toContain('given up The alert of the handle can no longer be read.');
    expect(router.late.size).toBe(0);
  });

  it('lets its handle wait again if that becomes unknown again', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    log.gate = promise;
    const routed = router.alert({ alertKey: 'other', message: '' });
    router.addTeam('new');
    router.removeTeam('new');
    resolve();
    await routed;
    await settled();
    expect(log.commandTexts).toEqual([]);
    router.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });
});

describe('the next owner of a partition', () => {
  it('pages handles that became known before its start, and later', async () => {
    await router.alert({ alertKey: 'a', message: '@oncall-new' });
    await router.alert({ alertKey: 'b', message: '@oncall-newer.' });
    const next = successor('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
    next.addTeam('newer');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new', 'page @oncall-newer']);
  });

  it('does not page a handle that its predecessor paged late, or whose alert recovered', async () => {
    await router.alert({ alertKey: 'paged', message: '@oncall-new' });
    router.addTeam('new');
    await settled();
    await router.alert({ alertKey: 'recovered', message: '@oncall-newer' });
    log.advance(1);
    await router.alert({ alertKey: 'recovered', ...recovery });
    await router.alert({ alertKey: 'behind', message: '@oncall-newer' });
    await router.alert({ alertKey: 'behind', ...recovery, occurredAt: minutesAgo });
    const next = successor('new', 'newer');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new', 'resolve', 'resolve']);
    expect(next.late.size).toBe(0);
  });

  it('does not page a handle whose alert recovered before the waiting handles were read, without a connection', async () => {
    await router.alert({ message: '@oncall-new' });
    router.late.stop();
    const next = new Router(log);
    const { promise, resolve } = Promise.withResolvers<void>();
    const waiting = log.waiting.bind(log);
    log.waiting = async (...args) => {
      await promise;
      await waiting(...args);
    };
    next.own();
    log.advance(1);
    await next.alert(recovery);
    next.late.stop();
    resolve();
    successor('new');
    await settled();
    expect(log.commandTexts).toEqual(['resolve']);
  });

  it.each(['once', 'again after a failure of Kafka'])(
    'does not page a handle whose alert recovered while its org had no connection, routed %s',
    async (times) => {
      const first = new Router(log).own();
      await settled();
      await first.alert({ message: '@oncall-new' });
      log.advance(1);
      const recovers = log.append(recovery);
      if (times !== 'once') {
        log.failure = new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000);
        await expect(first.route(recovers)).rejects.toThrow();
        log.failure = undefined;
      }
      await first.route(recovers);
      first.late.stop();
      successor('new');
      await settled();
      expect(log.commandTexts).toEqual(['resolve']);
    },
  );

  it('pages a handle of an alert that its predecessor routed while it stopped', async () => {
    router.late.stop();
    await router.alert({ message: '@oncall-new' });
    router.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual([]);
    successor('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('pages a handle of an alert that fires again after a recovery with the same time', async () => {
    await router.alert(recovery);
    log.advance(0.001);
    await router.alert({ message: '@oncall-new', occurredAt: '2026-06-01T00:00:00.001Z' });
    successor('new');
    await settled();
    expect(log.commandTexts).toEqual(['resolve', 'page @oncall-new']);
  });

  it('does not page a handle if it routed the recovery before it had read the waiting handles', async () => {
    await router.alert({ message: '@oncall-new' });
    const [read, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    router.late.stop();
    const next = new Router(log).connect();
    next.addTeam('new');
    const waiting = log.waiting.bind(log);
    log.waiting = async (...args) => {
      await read.promise;
      await waiting(...args);
    };
    next.own();
    log.gate = written.promise;
    const routed = next.alert(recovery);
    await settled();
    log.gate = Promise.resolve();
    read.resolve();
    await settled();
    written.resolve();
    await routed;
    await settled();
    expect(log.commandTexts).toEqual(['resolve']);
  });

  it('pages the waiting handles of a partition while those of another cannot be read', async () => {
    await router.alert({ message: '@oncall-new' });
    router.late.stop();
    const next = new Router(log).connect();
    const waiting = log.waiting.bind(log);
    log.waiting = async (number, ...args) => {
      await (number === partition ? waiting(number, ...args) : new Promise(() => undefined));
    };
    next.late.own({ topic: topicPartition.topic, partition: partition + 1 });
    next.own();
    next.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('takes over only the waiting handles of its own topic, not those of a partition with the same number', async () => {
    const ofOrg = { topic: orgAlertTopicOf('acme-us'), partition };
    const org = new Router(log, 600_000, ofOrg).connect().own();
    await org.alert({ message: '@oncall-new' });
    org.late.stop();
    const shared = successor();
    const next = new Router(log, 600_000, ofOrg).connect().own();
    await settled();
    expect([shared.late.size, next.late.size]).toEqual([0, 1]);
    next.addTeam('new');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('does not page a handle late if it routed the alert again', async () => {
    const record = log.append({ message: '@oncall-new' });
    await router.route(record);
    const next = successor('new');
    await next.route(record);
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new']);
  });

  it('does not page a handle if it routed the alert again, but not yet the recovery that its predecessor routed', async () => {
    const fires = log.append({ message: '@oncall-new' });
    const recovers = log.append(recovery);
    await router.route(fires, recovers);
    const next = successor();
    await settled();
    await next.route(fires);
    next.addTeam('new');
    await settled();
    await next.route(recovers);
    expect(log.commandTexts).toEqual(['resolve', 'resolve']);
  });

  it('retries the reading of waiting handles, and routes meanwhile', async () => {
    await router.alert({ message: '@oncall-new' });
    const waiting = log.waiting.bind(log);
    log.waiting = () => Promise.reject(new DeliveryTimeoutError([], 1));
    const next = successor('new', 'known');
    await next.alert({ alertKey: 'prompt', message: '@oncall-known' });
    expect(log.commandTexts).toEqual(['page @oncall-known']);
    log.waiting = waiting;
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-known', 'page @oncall-new']);
  });
});

it('keeps a bounded number of waiting handles for each org, and for all orgs without a connection together', async () => {
  const names = Array.from({ length: 100 }, (_, n) => `@oncall-n${n}`).join(' ');
  for (let n = 0; n < 11; n += 1) {
    await router.alert({ alertKey: `k${n}`, message: names });
    await router.alert({ sourceOrg: `made-up-${n}`, message: names });
  }
  expect(router.late.size).toBe(2000);
  expect(router.notices.filter((notice) => notice.startsWith('given up'))).toHaveLength(200);
});

describe('very many waiting handles', () => {
  const handles = (alert: number, count: number) => Array.from({ length: count }, (_, n) => `new-${alert}-${n}`);
  const alertWith = (alert: number, count: number) => {
    const message = handles(alert, count)
      .map((handle) => `@oncall-${handle}`)
      .join(' ');
    return router.alert({ alertKey: `monitor-${alert}`, message });
  };

  it('are kept by a new owner up to the limit of their org, also while it reads them', async () => {
    for (let alert = 0; alert < 15; alert += 1) await alertWith(alert, 100);
    router.late.stop();
    const next = new Router(log).connect();
    const whileReading: number[] = [];
    const read = log.waiting.bind(log);
    log.waiting = async (...args) => {
      await read(...args);
      whileReading.push(next.notices.length);
    };
    next.own();
    await settled();
    expect([whileReading, next.late.size]).toEqual([[500], 1000]);
    next.addTeam('new-4-99');
    next.addTeam('new-5-0');
    await settled();
    expect(log.commandTexts).toEqual(['page @oncall-new-5-0']);
  });

  it('are paged at most a hundred at a time, because each page has the text of its alert', async () => {
    for (let alert = 0; alert < 3; alert += 1) await alertWith(alert, 60);
    const publish = log.publish.bind(log);
    const written: number[] = [];
    log.publish = (decisions, signal) => {
      written.push(decisions.decided.flatMap((decided) => decided.decisions).length);
      return publish(decisions, signal);
    };
    successor(...[0, 1, 2].flatMap((alert) => handles(alert, 60)));
    await settled();
    expect(written).toEqual([60, 60, 60]);
    expect(log.pages).toHaveLength(180);
  });
});
