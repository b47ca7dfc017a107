import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import type { Alert } from '@pagebridge/contracts';
import { DeliveryTimeoutError } from '@pagebridge/kafka';
import fc from 'fast-check';
import { Log, Router, settled } from './deferred-paging.fixtures.ts';

const names = ['core', 'web'] as const;
const key = fc.constantFrom('cpu', 'disk');
const name = fc.constantFrom(...names);
const step = fc.oneof(
  { weight: 3, arbitrary: fc.record({ do: fc.constant('fire' as const), key, name }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('recover' as const), key }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('know' as const), name }) },
  fc.record({ do: fc.constant('forget' as const), name }),
  fc.record({ do: fc.constant('connect' as const) }),
  fc.record({ do: fc.constant('restart' as const), redelivered: fc.nat(3) }),
  fc.record({ do: fc.constant('outage' as const), isOver: fc.boolean() }),
  fc.record({ do: fc.constant('pass' as const), minutes: fc.nat(6) }),
  fc.record({ do: fc.constant('turns' as const), turns: fc.nat(8) }),
);

/** A partition with changing owners on a Kafka that fails, and the handles that must be paged. */
class World {
  readonly log = new Log();
  readonly known = new Set<string>();
  /** The handles that became known in time, by `<event id> <handle>`, with their alert and the end of their time. */
  readonly due = new Map<string, { readonly key: string; readonly name: string; readonly untilMs: number }>();
  /** The recoveries that were routed, each with the number of commands that were written then. */
  readonly recoveries: { readonly data: Alert; readonly after: number }[] = [];
  router = new Router(this.log).own();
  private isConnected = false;
  /** The offset of the first alert that is not committed. */
  private next = 0;
  private routing = Promise.resolve();

  /** Routes the new alerts one by one, and stops at a failure of Kafka. */
  route(): void {
    const { router } = this;
    this.routing = this.routing.then(async () => {
      for (; this.router === router && !this.log.failure && this.next < this.log.records.length; this.next += 1) {
        const record = this.log.records[this.next];
        try {
          if (record) await router.route(record);
        } catch {
          return;
        }
        const data = record && alertIn(record);
        if (data?.transition === 'recovered') this.recoveries.push({ data, after: this.log.written.length });
      }
    });
  }

  addTeam(team: string): void {
    this.known.add(team);
    if (this.isConnected) this.expectPagesOf(team);
    this.router.addTeam(team);
  }

  connect(): void {
    if (this.isConnected) return;
    this.isConnected = true;
    for (const team of this.known) this.expectPagesOf(team);
    this.router.connect();
  }

  private expectPagesOf(team: string): void {
    const nowMs = this.log.now.getTime();
    const seen = new Set(this.log.commandTexts);
    for (const { data } of this.log.unrouted.toReversed()) {
      const id = `${data.alertEventId} ${data.handle}`;
      if (data.handle !== `@oncall-${team}` || seen.has(id)) continue;
      seen.add(id);
      const untilMs = Date.parse(data.waitingUntil ?? '');
      const hasRecovered = this.log.records.some((record) => isRecoverySince(record, data.alertKey, data.occurredAt));
      if (untilMs > nowMs && !hasRecovered) this.due.set(id, { key: data.alertKey, name: team, untilMs });
    }
  }

  /** From now on, the pages of these handles that are not written yet may be left out. */
  excuse(matches: (one: { readonly key: string; readonly name: string; readonly untilMs: number }) => boolean): void {
    for (const [id, one] of this.due) if (matches(one) && !this.isPaged(id)) this.due.delete(id);
  }

  isPaged = (id: string): boolean => this.log.pages.some((page) => `${page.alertEventId} ${page.handle}` === id);

  async restart(redelivered: number): Promise<void> {
    this.router.late.stop();
    await this.routing;
    // The writes in flight have arrived, or never will.
    await settled();
    this.router = new Router(this.log);
    if (this.isConnected) this.router.connect();
    for (const team of this.known) this.router.addTeam(team);
    this.next = Math.max(0, this.next - redelivered);
    const nowMs = this.log.now.getTime();
    this.excuse(({ untilMs }) => untilMs <= nowMs);
    this.router.own();
  }

  async end(): Promise<void> {
    this.log.failure = undefined;
    await settled();
    this.route();
    await this.routing;
    await settled();
  }
}

const alertIn = ({ value }: Log['records'][number]): Alert => JSON.parse(String(value)).data;

const isRecoverySince = (record: Log['records'][number], alertKey: string, occurredAt: string): boolean => {
  const data = alertIn(record);
  return data.alertKey === alertKey && data.transition === 'recovered' && data.occurredAt > occurredAt;
};

async function runStep(world: World, it: typeof step extends fc.Arbitrary<infer Step> ? Step : never): Promise<void> {
  switch (it.do) {
    case 'fire':
      world.log.append({ alertKey: it.key, message: `@oncall-${it.name}` });
      return world.route();
    case 'recover':
      world.log.append({ alertKey: it.key, transition: 'recovered' });
      world.excuse((one) => one.key === it.key);
      return world.route();
    case 'connect':
      return world.connect();
    case 'know':
      return world.addTeam(it.name);
    case 'forget':
      world.known.delete(it.name);
      world.router.removeTeam(it.name);
      return world.excuse((one) => one.name === it.name);
    case 'restart':
      await world.restart(it.redelivered);
      return world.route();
    case 'outage':
      world.log.failure = it.isOver ? undefined : new DeliveryTimeoutError([], 30_000);
      return world.route();
    case 'pass':
      return world.log.advance(it.minutes);
    case 'turns':
      for (let turn = 0; turn < it.turns; turn += 1) await setImmediate();
  }
}

it('pages each handle that becomes known in time once, and none after its alert recovered, with any owners and outages', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const world = new World();
      for (const each of steps) await runStep(world, each);
      await world.end();
      const { log, due } = world;
      expect([...due.keys()].filter((id) => !world.isPaged(id))).toEqual([]);
      const late = log.written.flatMap(({ data }, at) =>
        data.kind === 'page' && data.tags.includes('late') ? [{ data, at }] : [],
      );
      const ids = late.map(({ data }) => data.pageId);
      expect(new Set(ids).size).toBe(ids.length);
      for (const { data, at } of late) {
        const isOver = world.recoveries.some(
          (it) => it.after <= at && it.data.alertKey === data.alertKey && it.data.occurredAt >= data.occurredAt,
        );
        expect(isOver).toBe(false);
      }
      world.router.late.stop();
    }),
    { numRuns: 4000 },
  );
});
