import { describe, expect, it } from '@jest/globals';
import type { AlertState, Command, PageOutcome } from '@pagebridge/contracts';
import fc from 'fast-check';
import { begin, isStillWanted, restored } from './attempt.ts';
import { aPage, aResolve, taken } from './commands.features.ts';
import { decide } from './decide.ts';
import { eventTime } from './event-time.ts';
import { isEnded, pageOf, workOf } from './page.ts';
import { defaultPolicy } from './policy.ts';
import { outcomeId, owed, reported } from './report.ts';
import { type Answer, settle } from './settle.ts';

// What may happen, in any order. Times are seconds; `n` picks among the pages there are.
type Step =
  | { do: 'command'; command: Command }
  | { do: 'redeliver'; n: number }
  | { do: 'begin'; n: number }
  | { do: 'answer'; n: number; answer: 'created' | 'reply-lost' | 'not-created' | 'refused' }
  | { do: 'resolve'; n: number; answer: 'resolved' | 'failed' }
  | { do: 'crash' }
  | { do: 'clock'; second: number };

const start = Date.parse('2026-01-31T12:00:00Z');
const seconds = (offset: number) => new Date(start + offset * 1000).toISOString();

const commands: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({ second: fc.integer({ min: 0, max: 40 }), team: fc.nat(1), low: fc.boolean() })
    .map(({ second, team, low }) =>
      aPage({
        occurredAt: seconds(second),
        teamId: `team-${team}`,
        urgency: low ? 'low' : 'high',
        transition: low ? 'warned' : 'triggered',
      }),
    ),
  fc.integer({ min: 0, max: 40 }).map((second) => aResolve({ occurredAt: seconds(second) })),
);

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: commands.map((command) => ({ do: 'command' as const, command })) },
  { weight: 2, arbitrary: fc.nat(20).map((n) => ({ do: 'redeliver' as const, n })) },
  { weight: 4, arbitrary: fc.nat(20).map((n) => ({ do: 'begin' as const, n })) },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('answer' as const),
      n: fc.nat(20),
      answer: fc.constantFrom('created' as const, 'reply-lost' as const, 'not-created' as const, 'refused' as const),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('resolve' as const),
      n: fc.nat(20),
      answer: fc.constantFrom('resolved' as const, 'failed' as const),
    }),
  },
  { weight: 1, arbitrary: fc.constant({ do: 'crash' as const }) },
  { weight: 1, arbitrary: fc.integer({ min: -200, max: 900 }).map((second) => ({ do: 'clock' as const, second })) },
);

/** One alert, its ledger, and a destination that remembers what was done to it. */
class World {
  state: AlertState | undefined;
  clock = start + 60_000;
  readonly commands: Command[] = [];
  readonly facts = new Map<string, PageOutcome>();
  readonly created: { pageId: string; id: string; tagged: boolean }[] = [];
  readonly resolvedIds = new Set<string>();
  /** Creates on the wire of this process. */
  readonly underWay = new Set<string>();

  step(step: Step): void {
    switch (step.do) {
      case 'command':
        this.take(step.command);
        break;
      case 'redeliver':
        if (this.commands.length > 0) this.decide(pick(this.commands, step.n));
        break;
      case 'begin':
        this.withPageIn('pending', step.n, (pageId) => this.begin(pageId));
        break;
      case 'answer':
        this.answerOne(step.n, step.answer);
        break;
      case 'resolve':
        this.withPageIn('resolving', step.n, (pageId) => this.resolve(pageId, step.answer));
        break;
      case 'crash':
        this.underWay.clear();
        this.change((state) => restored(JSON.parse(JSON.stringify(state)), this.now));
        break;
      case 'clock':
        // Forwards and backwards, but never more than five minutes behind the sources: from there on arrival decides.
        this.clock = start + step.second * 1000;
    }
  }

  /** Everything that can still be done is done, and the destination is well. */
  drain(): void {
    for (const pageId of [...this.underWay]) this.answer(pageId, 'created');
    for (let page = this.nextWork(); page; page = this.nextWork()) {
      if (page.status === 'resolving') this.resolve(page.pageId, 'resolved');
      else {
        this.begin(page.pageId);
        if (this.underWay.has(page.pageId)) this.answer(page.pageId, 'created');
      }
    }
  }

  get now(): Date {
    return new Date(this.clock);
  }

  private take(command: Command): void {
    this.commands.push(command);
    this.decide(command);
  }

  private decide(command: Command): void {
    const decision = decide(this.state, taken(command), this.now, defaultPolicy);
    for (const { outcome } of decision.facts) this.facts.set(outcomeId(outcome), outcome);
    this.keep(decision.state);
  }

  private begin(pageId: string): void {
    this.change((state) => begin(state, pageId, this.now));
    if (isStillWanted(this.state, pageId)) this.underWay.add(pageId);
    else this.change((state) => settle(state, pageId, { kind: 'called-off' }, this.now));
  }

  private answerOne(n: number, answer: Extract<Step, { do: 'answer' }>['answer']): void {
    if (this.underWay.size > 0) this.answer(pick([...this.underWay], n), answer);
  }

  private answer(pageId: string, answer: Extract<Step, { do: 'answer' }>['answer']): void {
    this.underWay.delete(pageId);
    const id = `d-${this.created.length}`;
    if (answer === 'created' || answer === 'reply-lost') {
      const tagged = pageOf(this.state, pageId)?.possibleDuplicate ?? false;
      this.created.push({ pageId, id, tagged });
    }
    this.change((state) => settle(state, pageId, answerOf(answer, id), this.now));
  }

  private resolve(pageId: string, answer: 'resolved' | 'failed'): void {
    const id = pageOf(this.state, pageId)?.destinationPageId;
    if (answer === 'resolved' && id) this.resolvedIds.add(id);
    const said: Answer = answer === 'resolved' ? { kind: 'resolved' } : notCreated;
    this.change((state) => settle(state, pageId, said, this.now));
  }

  private withPageIn(status: string, n: number, act: (pageId: string) => void): void {
    const pages = this.state?.pages.filter((page) => page.status === status) ?? [];
    if (pages.length > 0) act(pick(pages, n).pageId);
  }

  private nextWork() {
    return this.state?.pages.find((page) => workOf(page) !== undefined);
  }

  private change(change: (state: AlertState) => AlertState): void {
    if (this.state) this.keep(change(this.state));
  }

  private keep(state: AlertState): void {
    const outcomes = owed(state).map(({ outcome }) => outcome);
    for (const outcome of outcomes) this.facts.set(outcomeId(outcome), outcome);
    this.state = reported(state, outcomes);
  }
}

const pick = <T>(from: readonly T[], n: number): T => from[n % from.length] as T;
const notCreated: Answer = { kind: 'failed', cause: 'server', detail: '503', mayHaveCreated: false, waitMs: 0 };
const answerOf = (answer: Extract<Step, { do: 'answer' }>['answer'], id: string): Answer =>
  ({
    created: { kind: 'created', destinationPageId: id } as const,
    'reply-lost': { ...notCreated, cause: 'timeout', mayHaveCreated: true } as const,
    'not-created': notCreated,
    refused: { kind: 'refused', detail: 'no such team' } as const,
  })[answer];

const lived = (history: readonly Step[]): World => {
  const world = new World();
  for (const step of history) world.step(step);
  world.drain();
  return world;
};

const always = (promise: (world: World) => void) =>
  fc.assert(
    fc.property(fc.array(steps, { maxLength: 60 }), (history) => promise(lived(history))),
    { numRuns: 400 },
  );

const finals = ['delivered', 'joined', 'superseded', 'undeliverable'];
const factsOf = (world: World, pageId: string) => [...world.facts.values()].filter((fact) => fact.pageId === pageId);

describe('whatever happens to one alert', () => {
  it('every page command ends in exactly one way, and says so', () => {
    always((world) => {
      for (const command of world.commands) {
        if (command.kind !== 'page') continue;
        const ends = factsOf(world, command.pageId).filter((fact) => finals.includes(fact.outcome));
        expect(ends.map((fact) => fact.outcome)).toHaveLength(1);
      }
    });
  });

  it('no page is created twice unless the second says that it may be', () => {
    always((world) => {
      const seen = new Set<string>();
      for (const { pageId, tagged } of world.created) {
        if (seen.has(pageId)) expect(tagged).toBe(true);
        seen.add(pageId);
      }
    });
  });

  it('a page that was created once, with its answer, carries no tag', () => {
    always((world) => {
      for (const page of world.state?.pages ?? []) {
        const creates = world.created.filter(({ pageId }) => pageId === page.pageId);
        if (page.attempts === 1 && creates.length === 1) expect(creates[0]?.tagged).toBe(false);
      }
    });
  });

  it('after the last recovery no page stays open that happened before it', () => {
    always((world) => {
      const recoveries = world.commands.filter((command) => command.kind === 'resolve');
      const last = Math.max(0, ...recoveries.map((command) => Date.parse(command.occurredAt)));
      for (const page of world.state?.pages ?? []) {
        if (eventTime(page.triggeredAt, world.now).getTime() < last) expect(isEnded(page)).toBe(true);
        if (page.status === 'resolved') expect(world.resolvedIds).toContain(page.destinationPageId);
      }
    });
  });

  it('a team is paged once while its page is open, but for a more urgent one', () => {
    always((world) => {
      const open = (world.state?.pages ?? []).filter((page) => page.status === 'delivered');
      expect(new Set(open.map((page) => page.teamId)).size).toBe(open.length);
    });
  });

  it('a trigger that nothing followed is on somebody’s pager, unless the destination refuses it', () => {
    always((world) => {
      const newest = world.commands.filter(
        (command) =>
          command.kind === 'page' &&
          world.commands.every(
            (other) => other === command || Date.parse(other.occurredAt) < Date.parse(command.occurredAt),
          ),
      );
      for (const command of newest) {
        if (command.kind !== 'page') continue;
        const open = world.state?.pages.filter((p) => p.teamId === command.teamId && p.status === 'delivered') ?? [];
        const refused = world.state?.pages.some((page) => page.status === 'undeliverable');
        expect(open.length > 0 || refused).toBe(true);
      }
    });
  });

  it('every command delivered again changes nothing', () => {
    always((world) => {
      const before = world.state;
      for (const command of world.commands.filter(({ kind }) => kind === 'page')) {
        expect(decide(world.state, taken(command), world.now, defaultPolicy).state).toBe(before);
      }
    });
  });
});
