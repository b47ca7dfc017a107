import { describe, expect, it } from '@jest/globals';
import { type AlertState, type PageState } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import fc from 'fast-check';
import { defaultPolicy } from './attempts/policy.fixtures.ts';
import { aPage, received } from './commands/commands.fixtures.ts';
import { decide } from './commands/decide.ts';
import { due } from './due.ts';
import { isSameFailoverGroup } from './failover/failover-group.ts';
import { isEnded } from './page.ts';
import { step } from './step.ts';

const minute = 60_000;
const start = Date.parse('2026-01-31T12:00:00Z');
const connection = aConnection();
const backup = aConnection({ connectionId: '00000000-0000-4000-8000-00000000000b' });
const failover = { connectionId: backup.connectionId, teamId: 'operations', teamHandle: 'operations' };
const connectionOf = (id: string) => (id === backup.connectionId ? backup : connection);

/** A trigger, read some minutes after the last step. Its command and its event are so many minutes old then, by their clocks. */
interface Trigger {
  readonly after: number;
  readonly written: number;
  readonly happened: number;
  readonly isReplay: boolean;
}

const triggers: fc.Arbitrary<Trigger> = fc.record({
  after: fc.oneof(fc.nat(5), fc.nat(300)),
  written: fc.oneof(fc.nat(5), fc.integer({ min: -400, max: 400 })),
  happened: fc.oneof(fc.nat(5), fc.integer({ min: -400, max: 400 })),
  isReplay: fc.boolean(),
});

/** One alert whose destinations never answer, and the youngest trigger of each of its pages. */
class World {
  state: AlertState | undefined;
  clock = start;
  private readonly youngest = new Map<string, number>();
  private replays = 0;

  take({ after, written, happened, isReplay }: Trigger): void {
    this.passes(after);
    const at = (age: number) => new Date(this.clock - age * minute).toISOString();
    const command = aPage({ connectionId: connection.connectionId, occurredAt: at(happened), failover });
    const replay = { from: `dead/0/${this.replays++}`, possibleDuplicate: false };
    const order = { ...received(command), time: at(written), ...(isReplay ? { replay } : {}) };
    const { state, events } = decide(this.state, order, this.now, defaultPolicy);
    const age = isReplay ? 0 : Math.max(0, Math.min(written, happened));
    const [joined] = events.map(({ outcome }) => state.pages.find(({ pageId }) => pageId === outcome.joinedPageId));
    const own = state.pages.filter((page) =>
      joined ? isSameFailoverGroup(page, joined) && !isEnded(page) : page.pageId === command.pageId,
    );
    for (const page of own) this.triggered(page, this.clock - age * minute);
    this.state = state;
  }

  passes(minutes: number): void {
    this.clock += minutes * minute;
    // Another owner reads the state from the ledger.
    if (this.state) this.state = JSON.parse(JSON.stringify(this.state));
    for (const page of this.waiting) {
      const age = this.clock - (this.youngest.get(page.pageId) ?? Number.NaN);
      const what = due(this.stateNow, page, connectionOf(page.connectionId), this.now, defaultPolicy);
      expect(what.kind === 'give-up' ? what.reason : undefined).toBe(
        age >= defaultPolicy.maxAgeMs ? 'too-old' : undefined,
      );
    }
    for (const { pageId } of this.waiting) {
      const input = { kind: 'overdue', pageId, keepsUp: true } as const;
      this.state = step(this.stateNow, input, this.now, { ...defaultPolicy, connectionOf }).alert;
      for (const raised of this.waiting) if (!this.youngest.has(raised.pageId)) this.triggered(raised, this.clock);
    }
  }

  get waiting(): PageState[] {
    return this.state?.pages.filter(({ status }) => status === 'pending') ?? [];
  }

  private triggered({ pageId }: PageState, at: number): void {
    this.youngest.set(pageId, Math.max(at, this.youngest.get(pageId) ?? at));
  }

  private get stateNow(): AlertState {
    if (!this.state) throw new Error('no trigger yet');
    return this.state;
  }

  private get now(): Date {
    return new Date(this.clock);
  }
}

describe('a page that is not accepted', () => {
  it('waits for the maximum age of the youngest trigger that it or its backup had, by any clocks, and no longer', () => {
    fc.assert(
      fc.property(fc.array(triggers, { minLength: 1, maxLength: 20 }), (history) => {
        const world = new World();
        for (const trigger of history) world.take(trigger);
        world.passes(defaultPolicy.maxAgeMs / minute);
        expect(world.waiting.filter((page) => !page.failoverOf)).toEqual([]);
      }),
      { numRuns: 300 },
    );
  });

  it('is not given up with the age of its first trigger if its alert was triggered again shortly before', () => {
    const world = new World();
    const trigger: Trigger = { after: 0, written: 0, happened: 0, isReplay: false };
    world.take(trigger);
    world.take({ ...trigger, after: 239 });
    world.passes(1);

    expect(world.waiting).toHaveLength(2);
    world.passes(239);
    expect(world.waiting).toEqual([]);
  });
});
