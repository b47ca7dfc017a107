import { beforeEach, describe, expect, it } from '@jest/globals';
import { orgAlertTopicOf } from '@pagebridge/contracts';
import { DeliveryTimeoutError } from '@pagebridge/kafka';
import { Log, partition, place, Router, settled } from './late-binding.features.ts';

let log: Log;
let router: Router;

beforeEach(async () => {
  log = new Log();
  router = new Router(log).connect().own();
  await settled();
});

const message = 'It fails. @oncall-new, @oncall-known!';
const recovery = { transition: 'recovered' } as const;

/** A router that starts when the other is gone, and knows what the tables say now. */
const successor = (...teams: readonly string[]): Router => {
  router.late.stop();
  const next = new Router(log).connect();
  for (const team of teams) next.know(team);
  return next.own();
};

describe('a handle that was unknown when its alert fired', () => {
  it('pages as soon as it is known, with the id, the time and the words it would have had, and the tag `late`', async () => {
    router.know('known');
    await router.alert({ message });
    const [prompt] = log.pages;
    expect(log.unrouted.map(({ data }) => data)).toMatchObject([
      { handle: '@oncall-new', waitingUntil: '2026-06-01T00:10:00.001Z', alert: { partition, offset: 0 } },
    ]);
    log.pass(9);
    router.know('new');
    await settled();
    const [, late] = log.pages;
    const ofTeam = { pageId: expect.any(String), teamId: 'new', teamHandle: 'new', handle: '@oncall-new' };
    expect(late).toEqual({ ...prompt, ...ofTeam, tags: ['late', ...(prompt?.tags ?? [])] });
    const again = new Router(log).connect();
    again.know('new');
    await again.route(...log.records);
    expect(log.pages.at(-1)?.pageId).toBe(late?.pageId);
    expect(router.late.size).toBe(0);
  });

  it('pages once, though its team is told again and again', async () => {
    await router.alert({ message: '@oncall-new' });
    for (let n = 0; n < 3; n += 1) router.know('new');
    await settled();
    router.know('new');
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('is asked about cheaply, however many wait when their org changes: nobody is told of the nearest then', async () => {
    for (let n = 0; n < 3000; n += 1) router.know(`team-of-service-${n}`);
    const names = Array.from({ length: 1000 }, (_, n) => `team-of-servise-x${n}`);
    for (let from = 0; from < names.length; from += 100) {
      const mentions = names.slice(from, from + 100).map((name) => `@oncall-${name}`);
      await router.alert({ message: mentions.join(' ') });
    }
    expect(router.late.size).toBe(1000);
    const elapsed = (work: () => void) => {
      const start = performance.now();
      work();
      return performance.now() - start;
    };
    const withNearest = elapsed(() => {
      for (const name of names) router.registry.resolve('acme-us', name, log.now);
    });
    expect(elapsed(() => router.late.orgChanged('acme-us'))).toBeLessThan(withNearest / 4);
  });

  it('pages when the connection comes that its name is qualified by, or that is the first of its org', async () => {
    const first = new Router(log).own();
    await first.alert({ message: '@oncall-globex-eu/core' });
    first.know('core');
    await settled();
    expect(log.said).toEqual([]);
    first.connect();
    await settled();
    expect(log.said).toEqual(['page @oncall-globex-eu/core']);
  });

  it.each([
    ['its time is over', () => log.pass(10)],
    ['its alert has recovered', () => router.alert(recovery)],
    ['its org has declared it its own', () => settle({ localHandles: ['new'] })],
  ])('pages nobody when %s', async (_why, happens) => {
    await router.alert({ message: '@oncall-new' });
    await happens();
    router.know('new');
    await settled();
    expect(log.pages).toEqual([]);
  });

  it('still pages after a recovery that is older than its alert', async () => {
    await router.alert({ message: '@oncall-new' });
    await router.alert({ ...recovery, occurredAt: '2026-05-31T23:59:59Z' });
    router.know('new');
    await settled();
    expect(log.said).toEqual(['resolve', 'page @oncall-new']);
  });

  it.each([
    ['whose fallback is paged', { message: '@oncall-new' }, { localHandles: [], fallbackHandle: 'known' }],
    ['of a manual alert', { message: '@oncall-new', origin: 'manual' }, { localHandles: [] }],
    ['that its org declares its own', { message: '@oncall-new' }, { localHandles: ['new'] }],
    ['longer than a handle can be', { message: `@oncall-${'n'.repeat(260)}` }, { localHandles: [] }],
  ] as const)('does not wait %s', async (_which, its, settings) => {
    router.know('known');
    settle(settings);
    await router.alert(its);
    expect(log.unrouted.map(({ data }) => data.waitingUntil)).toEqual(log.unrouted.map(() => undefined));
    expect(router.late.size).toBe(0);
  });

  it('does not wait in a recovery of an org without a connection', async () => {
    const first = new Router(log).own();
    await first.alert({ message: '@oncall-new', ...recovery });
    expect(first.late.size).toBe(0);
  });

  it('does not wait where late binding is switched off', async () => {
    const off = new Router(log, 0).connect().own();
    await off.alert({ message: '@oncall-new' });
    off.know('new');
    await settled();
    expect(log.unrouted[0]?.data).not.toHaveProperty('waitingUntil');
    expect(log.pages).toEqual([]);
  });

  it('counts as its alert was decided last', async () => {
    const record = log.append({ message: '@oncall-new' });
    await router.route(record);
    router.registry.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['new'], version: 1 });
    await router.route(record);
    expect(router.late.size).toBe(0);
  });
});

const settle = (its: { readonly localHandles: readonly string[]; readonly fallbackHandle?: string }) =>
  router.feed.applySourceOrg('acme-us', {
    sourceOrg: 'acme-us',
    version: 1,
    ...its,
    localHandles: [...its.localHandles],
  });

describe('a late page and the recovery of its alert', () => {
  it('stand in this order where the page came first, however long Kafka takes for it', async () => {
    await router.alert({ message: '@oncall-new' });
    const { promise, resolve } = Promise.withResolvers<void>();
    log.gate = promise;
    router.know('new');
    await settled();
    log.gate = Promise.resolve();
    const routed = router.alert(recovery);
    await settled();
    expect(log.said).toEqual([]);
    resolve();
    await routed;
    expect(log.said).toEqual(['page @oncall-new', 'resolve']);
  });

  it.each(['first', 'then'])('end with the recovery where that has its turn before, and is read %s', async (read) => {
    await router.alert({ message: '@oncall-new' });
    if (read === 'then') router.know('new');
    const { promise, resolve } = Promise.withResolvers<void>();
    log.gate = promise;
    const routed = router.alert(recovery);
    if (read === 'first') router.know('new');
    await settled();
    resolve();
    await routed;
    await settled();
    expect(log.said).toEqual(['resolve']);
  });
});

describe('a late page that cannot be written', () => {
  beforeEach(async () => {
    await router.alert({ message: '@oncall-new' });
  });

  it('is tried until Kafka takes it, also after the time of its handle, which was known before', async () => {
    log.failure = new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000);
    router.know('new');
    await settled();
    log.pass(20);
    await settled();
    expect(log.pages).toEqual([]);
    log.failure = undefined;
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('is nobody’s while it is not known who owns the partition', async () => {
    router.isMember = false;
    router.know('new');
    await settled();
    expect(log.said).toEqual([]);
    router.isMember = true;
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('is left to the next owner once the partition is lost', async () => {
    log.gate = Promise.withResolvers<void>().promise;
    router.know('new');
    await settled();
    router.late.disown({ topic: place.topic, partition });
    log.gate = Promise.resolve();
    await settled();
    expect(log.said).toEqual([]);
    successor('new');
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('does not hinder others when its alert is gone', async () => {
    await router.alert({ alertKey: 'other', message: '@oncall-new' });
    log.unreadable.add(0);
    router.know('new');
    await settled();
    expect(log.pages.map(({ alertKey }) => alertKey)).toEqual(['other']);
    expect(router.notices).toContain('given up Its alert cannot be read any more.');
    expect(router.late.size).toBe(0);
  });

  it('waits where it was when its handle is unknown again', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    log.gate = promise;
    const routed = router.alert({ alertKey: 'other', message: '' });
    router.know('new');
    router.forget('new');
    resolve();
    await routed;
    await settled();
    expect(log.said).toEqual([]);
    router.know('new');
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });
});

describe('the next owner of a partition', () => {
  it('pages what became known before it started, and later', async () => {
    await router.alert({ alertKey: 'a', message: '@oncall-new' });
    await router.alert({ alertKey: 'b', message: '@oncall-newer.' });
    const next = successor('new');
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
    next.know('newer');
    await settled();
    expect(log.said).toEqual(['page @oncall-new', 'page @oncall-newer']);
  });

  it('pages nothing that its predecessor paged late, or whose alert recovered', async () => {
    await router.alert({ alertKey: 'paged', message: '@oncall-new' });
    router.know('new');
    await settled();
    await router.alert({ alertKey: 'recovered', message: '@oncall-newer' });
    log.pass(1);
    await router.alert({ alertKey: 'recovered', ...recovery });
    const next = successor('new', 'newer');
    await settled();
    expect(log.said).toEqual(['page @oncall-new', 'resolve']);
    expect(next.late.size).toBe(0);
  });

  it('pages what its predecessor routed while it stopped, and paged no more', async () => {
    router.late.stop();
    await router.alert({ message: '@oncall-new' });
    router.know('new');
    await settled();
    expect(log.said).toEqual([]);
    successor('new');
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('pages what fires again after a recovery, at its very moment too', async () => {
    await router.alert(recovery);
    log.pass(0.001);
    await router.alert({ message: '@oncall-new', occurredAt: '2026-06-01T00:00:00.001Z' });
    successor('new');
    await settled();
    expect(log.said).toEqual(['resolve', 'page @oncall-new']);
  });

  it('pages nothing whose recovery it routed before it knew what waits', async () => {
    await router.alert({ message: '@oncall-new' });
    const [read, written] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    router.late.stop();
    const next = new Router(log).connect();
    next.know('new');
    const waiting = log.waiting.bind(log);
    log.waiting = async (...asked) => {
      await read.promise;
      await waiting(...asked);
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
    expect(log.said).toEqual(['resolve']);
  });

  it('pages what waited in a partition though what waits in another cannot be read', async () => {
    await router.alert({ message: '@oncall-new' });
    router.late.stop();
    const next = new Router(log).connect();
    const waiting = log.waiting.bind(log);
    log.waiting = async (of, ...asked) => {
      await (of === partition ? waiting(of, ...asked) : new Promise(() => undefined));
    };
    next.late.own({ topic: place.topic, partition: partition + 1 });
    next.own();
    next.know('new');
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('takes over what waits in its topic alone, whose partition has the number of another', async () => {
    const ofOrg = { topic: orgAlertTopicOf('acme-us'), partition };
    const org = new Router(log, 600_000, ofOrg).connect().own();
    await org.alert({ message: '@oncall-new' });
    org.late.stop();
    const shared = successor();
    const next = new Router(log, 600_000, ofOrg).connect().own();
    await settled();
    expect([shared.late.size, next.late.size]).toEqual([0, 1]);
    next.know('new');
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('pages nothing of which it routed the alert again', async () => {
    const record = log.append({ message: '@oncall-new' });
    await router.route(record);
    const next = successor('new');
    await next.route(record);
    await settled();
    expect(log.said).toEqual(['page @oncall-new']);
  });

  it('pages nothing of which it routed the alert again, but not yet the recovery that its predecessor wrote', async () => {
    const fires = log.append({ message: '@oncall-new' });
    const recovers = log.append(recovery);
    await router.route(fires, recovers);
    const next = successor();
    await settled();
    await next.route(fires);
    next.know('new');
    await settled();
    await next.route(recovers);
    expect(log.said).toEqual(['resolve', 'resolve']);
  });

  it('reads what waits once Kafka lets it, and routes meanwhile', async () => {
    await router.alert({ message: '@oncall-new' });
    const waiting = log.waiting.bind(log);
    log.waiting = () => Promise.reject(new DeliveryTimeoutError([], 1));
    const next = successor('new', 'known');
    await next.alert({ alertKey: 'prompt', message: '@oncall-known' });
    expect(log.said).toEqual(['page @oncall-known']);
    log.waiting = waiting;
    await settled();
    expect(log.said).toEqual(['page @oncall-known', 'page @oncall-new']);
  });
});

it('holds so many handles of an org, and as many of all that nobody has connected', async () => {
  const names = Array.from({ length: 100 }, (_, n) => `@oncall-n${n}`).join(' ');
  for (let n = 0; n < 11; n += 1) {
    await router.alert({ alertKey: `k${n}`, message: names });
    await router.alert({ sourceOrg: `made-up-${n}`, message: names });
  }
  expect(router.late.size).toBe(2000);
  expect(router.notices.filter((notice) => notice.startsWith('given up'))).toHaveLength(200);
});

describe('very many handles that wait', () => {
  const handles = (alert: number, count: number) => Array.from({ length: count }, (_, n) => `new-${alert}-${n}`);
  const alertWith = (alert: number, count: number) => {
    const message = handles(alert, count)
      .map((handle) => `@oncall-${handle}`)
      .join(' ');
    return router.alert({ alertKey: `monitor-${alert}`, message });
  };

  it('are held by a new owner up to the room of their org, also while it reads what was left', async () => {
    for (let alert = 0; alert < 15; alert += 1) await alertWith(alert, 100);
    router.late.stop();
    const next = new Router(log).connect();
    const whileReading: number[] = [];
    const read = log.waiting.bind(log);
    log.waiting = async (...asked) => {
      await read(...asked);
      whileReading.push(next.notices.length);
    };
    next.own();
    await settled();
    expect([whileReading, next.late.size]).toEqual([[500], 1000]);
    next.know('new-4-99');
    next.know('new-5-0');
    await settled();
    expect(log.said).toEqual(['page @oncall-new-5-0']);
  });

  it('page a hundred at a time, since each page has all the text of its alert', async () => {
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
