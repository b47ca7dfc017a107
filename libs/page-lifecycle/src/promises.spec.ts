import { describe, expect, it } from '@jest/globals';
import { type AlertState, type Command, type PageOutcome, type PageState } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import type { Answer } from './attempts/apply-answer.ts';
import { defaultPolicy } from './attempts/policy.fixtures.ts';
import { isStillWanted, ofKind } from './changes.fixtures.ts';
import { aPage, aResolve, received } from './commands/commands.fixtures.ts';
import { decide } from './commands/decide.ts';
import { isForSameTeam } from './commands/joining.ts';
import { eventTime } from './event-time.ts';
import { fromIdleText, toIdleText } from './ledger/idle-text.ts';
import { outcomeId, reported, unreportedOutcomes } from './outcomes.ts';
import { isEnded, pageOf, workOf } from './page.ts';
import { isIdle } from './retention.ts';
import { type Input, step as stepAlert } from './step.ts';

// The possible steps, in any order. Times are seconds; `n` picks one of the existing pages.
type Step =
  | { do: 'command'; command: Command }
  | { do: 'redeliver'; n: number }
  | { do: 'begin'; n: number }
  | { do: 'answer'; n: number; answer: 'created' | 'reply-lost' | 'not-created' | 'refused' }
  | { do: 'resolve'; n: number; answer: 'resolved' | 'failed' }
  /** A responder acts on a page that the destination has. */
  | { do: 'respond'; n: number; closes: boolean }
  /** The destination is asked about a page; its answer may be one of before. */
  | { do: 'read'; n: number; stale: boolean }
  | { do: 'crash' }
  | { do: 'rest' }
  | { do: 'sweep' }
  | { do: 'backup'; enabled: boolean }
  | { do: 'clock'; second: number };

const start = Date.parse('2026-01-31T12:00:00Z');
const seconds = (offset: number) => new Date(start + offset * 1000).toISOString();

const first = aConnection({ connectionId: aPage().connectionId });
const backup = aConnection({ connectionId: '00000000-0000-4000-8000-00000000000b' });
const failover = {
  connectionId: backup.connectionId,
  teamId: 'operations',
  teamHandle: 'operations',
  afterSeconds: 120,
};

const commands: fc.Arbitrary<Command> = fc.oneof(
  fc
    .record({ second: fc.integer({ min: 0, max: 40 }), team: fc.nat(1), low: fc.boolean(), afterFailures: fc.nat(2) })
    .map(({ second, team, low, afterFailures }) =>
      aPage({
        occurredAt: seconds(second),
        teamId: `team-${team}`,
        urgency: low ? 'low' : 'high',
        transition: low ? 'warned' : 'triggered',
        ...(afterFailures > 0 ? { failover: { ...failover, afterFailures } } : {}),
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
  { weight: 2, arbitrary: fc.constant({ do: 'rest' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'sweep' as const }) },
  { weight: 1, arbitrary: fc.boolean().map((enabled) => ({ do: 'backup' as const, enabled })) },
  { weight: 1, arbitrary: fc.integer({ min: -200, max: 900 }).map((second) => ({ do: 'clock' as const, second })) },
);

const responses: fc.Arbitrary<Step> = fc.oneof(
  fc.record({ do: fc.constant('respond' as const), n: fc.nat(5), closes: fc.boolean() }),
  fc.record({ do: fc.constant('read' as const), n: fc.nat(5), stale: fc.boolean() }),
);

interface There {
  readonly acknowledgedAt?: number;
  readonly closedAt?: number;
}

/** One alert, its ledger, and destinations that record their calls. */
class World {
  state: AlertState | undefined;
  clock = start + 60_000;
  readonly commands: Command[] = [];
  readonly events = new Map<string, PageOutcome>();
  readonly created: { pageId: string; id: string; tagged: boolean }[] = [];
  readonly resolvedIds = new Set<string>();
  /** What the destination has shown of each page, by its id there. */
  readonly there = new Map<string, There[]>();
  /** The pages that were seen ended. */
  readonly ended = new Set<string>();
  readonly reopened: string[] = [];
  /** The pages whose create is in flight. */
  readonly inFlight = new Set<string>();
  /** The pages that were handed out for a call. */
  readonly due = new Set<string>();
  /** Every page that was added as a backup. */
  readonly backups = new Map<string, PageState>();
  private connections = new Map([first, backup].map((connection) => [connection.connectionId, connection]));

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
      case 'respond':
        this.respond(step.n, step.closes);
        break;
      case 'read':
        if (this.created.length > 0) this.read(pick(this.created, step.n), step.stale);
        break;
      case 'crash':
        this.inFlight.clear();
        this.due.clear();
        this.change((state) => JSON.parse(JSON.stringify(state)));
        this.enter({ kind: 'restored' });
        break;
      case 'rest':
        this.change((state) =>
          isIdle(state) ? fromIdleText(alertIdentity(state.sourceOrg, state.alertKey), toIdleText(state)) : state,
        );
        break;
      case 'sweep':
        this.sweep();
        break;
      case 'backup':
        this.connections.set(backup.connectionId, { ...backup, enabled: step.enabled });
        break;
      case 'clock':
        // Forwards and backwards, but at most five minutes behind the sources: beyond, the time of arrival would count.
        this.clock = start + step.second * 1000;
    }
  }

  /** Runs the remaining steps with first destinations that never accept, and an enabled backup that does. */
  drainWithFirstsDead(): void {
    this.connections.set(backup.connectionId, backup);
    const isFirst = (page: PageState) => page.connectionId !== backup.connectionId;
    for (let round = 0; round < 4; round += 1) {
      for (const pageId of [...this.inFlight]) this.answer(pageId, this.answerWhere(pageId, isFirst));
      for (const { pageId, status } of this.state?.pages ?? []) {
        if (status === 'pending') this.begin(pageId);
        if (status === 'resolving') this.resolve(pageId, 'resolved');
      }
      this.sweep();
    }
  }

  /** Runs the remaining steps with healthy destinations. */
  drain(): void {
    for (const pageId of [...this.inFlight]) this.answer(pageId, 'created');
    for (let page = this.nextWork(); page; page = this.nextWork()) {
      if (page.status === 'resolving') this.resolve(page.pageId, 'resolved');
      else {
        this.begin(page.pageId);
        if (this.inFlight.has(page.pageId)) this.answer(page.pageId, 'created');
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
    this.enter({ kind: 'commands', received: [received(command)], admission: {}, isWritten: true });
  }

  private begin(pageId: string): void {
    this.enter({ kind: 'begun', pageId });
    if (isStillWanted(this.state, pageId)) this.inFlight.add(pageId);
    else this.enter({ kind: 'answered', pageId, callKind: 'create', answer: { kind: 'not-called' } });
  }

  private answerOne(n: number, answer: Extract<Step, { do: 'answer' }>['answer']): void {
    if (this.inFlight.size > 0) this.answer(pick([...this.inFlight], n), answer);
  }

  private answer(pageId: string, answer: Extract<Step, { do: 'answer' }>['answer']): void {
    this.inFlight.delete(pageId);
    const id = `d-${this.created.length}`;
    if (answer === 'created' || answer === 'reply-lost') {
      const tagged = pageOf(this.state, pageId)?.possibleDuplicate ?? false;
      this.created.push({ pageId, id, tagged });
    }
    this.enter({ kind: 'answered', pageId, callKind: 'create', answer: answerOf(answer, id) });
  }

  private respond(n: number, closes: boolean): void {
    if (this.created.length === 0) return;
    const { id } = pick(this.created, n);
    const known = this.there.get(id) ?? [{}];
    const last = known.at(-1);
    if (last?.closedAt !== undefined) return;
    const at = this.clock;
    this.there.set(id, [...known, { acknowledgedAt: at, ...last, ...(closes ? { closedAt: at } : {}) }]);
    if (closes) this.resolvedIds.add(id);
  }

  read({ pageId, id }: Pick<World['created'][number], 'pageId' | 'id'>, stale = false): void {
    const known = this.there.get(id) ?? [{}];
    const answer = (stale ? known.at(-2) : undefined) ?? known.at(-1);
    const connectionId = pageOf(this.state, pageId)?.connectionId ?? '';
    this.enter({ kind: 'read-back', read: { connectionId, destinationPageId: id, ...answer } });
  }

  /** Reads each page as it is, and does what is left to do. */
  settle(): void {
    this.drain();
    for (const created of this.created) this.read(created);
    this.drain();
  }

  private answerWhere(pageId: string, isFirst: (page: PageState) => boolean) {
    const page = pageOf(this.state, pageId);
    return page && isFirst(page) ? ('not-created' as const) : ('created' as const);
  }

  private sweep(): void {
    for (const { pageId } of this.state?.pages ?? []) this.enter({ kind: 'overdue', pageId, keepsUp: true });
  }

  private readonly connectionOf = (id: string) => this.connections.get(id);

  private resolve(pageId: string, answer: 'resolved' | 'failed'): void {
    const id = pageOf(this.state, pageId)?.destinationPageId;
    if (answer === 'resolved' && id) this.resolvedIds.add(id);
    const result: Answer = answer === 'resolved' ? { kind: 'resolved' } : notCreated;
    this.enter({ kind: 'answered', pageId, callKind: 'resolve', answer: result });
  }

  private withPageIn(status: string, n: number, act: (pageId: string) => void): void {
    const pages = this.state?.pages.filter((page) => page.status === status) ?? [];
    if (pages.length > 0) act(pick(pages, n).pageId);
  }

  private nextWork() {
    return this.state?.pages.find((page) => workOf(page) !== undefined);
  }

  private enter(input: Input): void {
    const terms = { ...defaultPolicy, connectionOf: this.connectionOf };
    const { alert, effects } = stepAlert(this.state, input, this.now, terms);
    for (const { page } of ofKind(effects, 'call-off')) this.due.delete(page.pageId);
    for (const { page } of ofKind(effects, 'call')) this.due.add(page.pageId);
    for (const { pending } of ofKind(effects, 'publish')) this.events.set(outcomeId(pending.outcome), pending.outcome);
    if (alert) this.keep(alert);
  }

  private change(change: (state: AlertState) => AlertState): void {
    if (this.state) this.keep(change(this.state));
  }

  private keep(state: AlertState): void {
    for (const page of state.pages) if (page.failoverOf) this.backups.set(page.pageId, page);
    const outcomes = unreportedOutcomes(state).map(({ outcome }) => outcome);
    for (const outcome of outcomes) this.events.set(outcomeId(outcome), outcome);
    this.state = reported(state, outcomes);
    // A replay, which takes up a page again, is not among these steps.
    for (const page of state.pages) {
      if (isEnded(page)) this.ended.add(page.pageId);
      else if (this.ended.has(page.pageId)) this.reopened.push(page.pageId);
    }
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

/** Generates histories. In half of them the first page has failed over, perhaps with both creates in flight. */
const histories: fc.Arbitrary<Step[]> = fc.oneof(
  fc.array(steps, { maxLength: 60 }),
  fc
    .record({ second: fc.integer({ min: 0, max: 20 }), low: fc.boolean(), begun: fc.boolean(), rest: fc.array(steps) })
    .map(({ second, low, begun, rest }) => {
      const urgency = low ? ('low' as const) : ('high' as const);
      const command = aPage({ occurredAt: seconds(second), teamId: 'team-0', urgency, failover });
      const failing: Step[] = [{ do: 'command', command }, { do: 'clock', second: 300 }, { do: 'sweep' }];
      const begins: Step[] = [0, 0].map((n) => ({ do: 'begin', n }));
      return [...failing, ...(begun ? begins : []), ...rest];
    }),
);

const worldAfter = (history: readonly Step[]): World => {
  const world = new World();
  for (const step of history) world.step(step);
  return world;
};

const always = (promise: (world: World) => void, drain = (world: World) => world.drain()) =>
  fc.assert(
    fc.property(histories, (history) => {
      const world = worldAfter(history);
      drain(world);
      promise(world);
    }),
    { numRuns: 400 },
  );

const withResponders: fc.Arbitrary<Step[]> = fc.array(
  fc.oneof({ weight: 2, arbitrary: steps }, { weight: 1, arbitrary: responses }),
  { maxLength: 60, size: 'max' },
);

const alwaysRead = (promise: (world: World) => void) =>
  fc.assert(
    fc.property(withResponders, (history) => {
      const world = worldAfter(history);
      world.settle();
      promise(world);
    }),
    { numRuns: 400 },
  );

const finals = ['delivered', 'joined', 'superseded', 'undeliverable'];
const eventsOf = (world: World, pageId: string) =>
  [...world.events.values()].filter((event) => event.pageId === pageId);

describe('for any history of one alert', () => {
  it('every page command, and every backup, has exactly one final outcome, which is published', () => {
    always((world) => {
      const ordered = world.commands.flatMap((command) => (command.kind === 'page' ? [command.pageId] : []));
      for (const pageId of [...ordered, ...world.backups.keys()]) {
        const ends = eventsOf(world, pageId).filter((event) => finals.includes(event.outcome));
        expect(ends.map((event) => event.outcome)).toHaveLength(1);
      }
    });
  });

  it('no page is created twice unless the second is tagged as a possible duplicate', () => {
    always((world) => {
      const seen = new Set<string>();
      for (const { pageId, tagged } of world.created) {
        if (seen.has(pageId)) expect(tagged).toBe(true);
        seen.add(pageId);
      }
    });
  });

  it('a page that was created once, with its answer, has no tag', () => {
    always((world) => {
      for (const page of world.state?.pages ?? []) {
        const creates = world.created.filter(({ pageId }) => pageId === page.pageId);
        if (page.attempts === 1 && creates.length === 1) expect(creates[0]?.tagged).toBe(false);
      }
    });
  });

  it('after the last recovery no page stays open that was triggered before it', () => {
    always((world) => {
      const recoveries = world.commands.filter((command) => command.kind === 'resolve');
      const last = Math.max(0, ...recoveries.map((command) => Date.parse(command.occurredAt)));
      for (const page of world.state?.pages ?? []) {
        if (eventTime(page.triggeredAt, world.now).getTime() < last) expect(isEnded(page)).toBe(true);
        if (page.status === 'resolved') expect(world.resolvedIds).toContain(page.destinationPageId);
      }
    });
  });

  it('a team is paged once while its page or its backup is open, except by a more urgent page', () => {
    always((world) => {
      const open = (world.state?.pages ?? []).filter((page) => page.status === 'delivered');
      expect(new Set(open.map((page) => (page.failoverOf ?? page).teamId)).size).toBe(open.length);
    });
  });

  it('a trigger that nothing followed has an open page, unless the destination refuses it', () => {
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
        const open = world.state?.pages.filter((p) => isForSameTeam(p, command) && p.status === 'delivered') ?? [];
        const refused = world.state?.pages.some((page) => page.status === 'undeliverable');
        expect(open.length > 0 || refused).toBe(true);
      }
    });
  });

  it('every redelivered command changes nothing', () => {
    always((world) => {
      const before = world.state;
      for (const command of world.commands.filter(({ kind }) => kind === 'page')) {
        expect(decide(world.state, received(command), world.now, defaultPolicy).state).toBe(before);
      }
    });
  });

  it('every page that waits for a call is handed out for it, and no other', () => {
    always(
      (world) => {
        const waiting = (world.state?.pages ?? []).filter((page) => workOf(page)).map(({ pageId }) => pageId);
        expect(world.due).toEqual(new Set(waiting));
      },
      () => undefined,
    );
  });

  it('a page fails over once, and its backup never', () => {
    always((world) => {
      const firsts = [...world.backups.values()].map(({ failoverOf }) => failoverOf?.pageId);
      expect(new Set(firsts).size).toBe(firsts.length);
      for (const page of world.backups.values()) expect(page).not.toHaveProperty('failover');
    });
  });

  it('a page or its backup is cancelled only if the other was accepted', () => {
    always((world) => {
      const accepted = (pageId: string) => eventsOf(world, pageId).some(({ outcome }) => outcome === 'delivered');
      for (const { pageId, outcome, reason, failoverOf } of world.events.values()) {
        if (outcome !== 'superseded') continue;
        if (reason === 'not-needed') expect(accepted(failoverOf?.pageId ?? '')).toBe(true);
        if (reason !== 'failed-over') continue;
        const backups = [...world.backups.values()].filter((page) => page.failoverOf?.pageId === pageId);
        expect(backups.some((page) => accepted(page.pageId))).toBe(true);
      }
    });
  });

  it('a trigger that nothing followed has an open page if its destination stays dead but it has a backup', () => {
    always(
      (world) => {
        const waiting =
          world.state?.pages.filter(({ status }) => status === 'pending' || status === 'attempting') ?? [];
        for (const page of waiting) expect(page.failover && !page.failedOverTo).toBeFalsy();
        for (const { failedOverTo } of waiting) {
          if (failedOverTo) expect(pageOf(world.state, failedOverTo)?.status).toBe('undeliverable');
        }
      },
      (world) => world.drainWithFirstsDead(),
    );
  });
});

describe('for any history of an alert whose pages responders take and close', () => {
  it('no page is open that the destination shows as closed, and none that ended is open again', () => {
    alwaysRead((world) => {
      for (const { pageId, destinationPageId = '', status } of world.state?.pages ?? [])
        if (world.there.get(destinationPageId)?.at(-1)?.closedAt !== undefined)
          expect({ pageId, status }).not.toMatchObject({ status: 'delivered' });
      expect(world.reopened).toEqual([]);
    });
  });

  it('a page is open only if it was not closed, and ends once', () => {
    alwaysRead((world) => {
      for (const { pageId } of world.created) {
        const ends = eventsOf(world, pageId).filter(({ outcome }) => ['resolved', 'unresolved'].includes(outcome));
        expect(ends.length).toBeLessThanOrEqual(1);
        for (const { reason, destinationPageId = '' } of ends)
          if (reason === 'closed-there') expect(world.there.get(destinationPageId)?.at(-1)?.closedAt).toBeDefined();
      }
    });
  });

  it('who took an open page first is told, with the time there', () => {
    alwaysRead((world) => {
      for (const page of world.state?.pages ?? []) {
        const acknowledgedAt = world.there.get(page.destinationPageId ?? '')?.at(-1)?.acknowledgedAt;
        if (page.status !== 'delivered') continue;
        const told = eventsOf(world, page.pageId).filter(({ outcome }) => outcome === 'acknowledged');
        expect(told.map(({ at }) => at)).toEqual(acknowledgedAt === undefined ? [] : [page.acknowledged?.at]);
      }
    });
  });

  it('news pages a team again if all its pages were closed', () => {
    alwaysRead((world) => {
      const second = 2000;
      world.step({ do: 'clock', second });
      const command = aPage({ occurredAt: seconds(second), teamId: 'team-0' });
      const open = world.state?.pages.filter((page) => isForSameTeam(page, command) && page.status === 'delivered');
      const isOpen = open?.some(({ urgency }) => urgency === 'high') ?? false;
      const before = world.created.length;
      world.step({ do: 'command', command });
      world.drain();
      expect(world.created.length - before).toBe(isOpen ? 0 : 1);
    });
  });
});

/** An event of an alert; its place in the list is that of its alert record in one partition. */
interface Fired {
  readonly recovers: boolean;
  readonly second: number;
  readonly team: number;
  /** When its command is read, each time. */
  readonly readAt: readonly number[];
  /** How many events before it are routed again with it. */
  readonly routedAgain: number;
  readonly followedBy: readonly Step[];
}

const between: fc.Arbitrary<Step> = fc.oneof(
  fc.constantFrom<Step>({ do: 'crash' }, { do: 'rest' }, { do: 'sweep' }),
  // Each is long enough for pages to fail over.
  fc.constantFrom(7500, 7800, 8100).map((second) => ({ do: 'clock' as const, second })),
  fc.nat(5).map((n) => ({ do: 'begin' as const, n })),
  fc.record({
    do: fc.constant('answer' as const),
    n: fc.nat(5),
    answer: fc.constantFrom('created' as const, 'reply-lost' as const),
  }),
);

const fired = (maxApart: number): fc.Arbitrary<Fired[]> =>
  fc.array(
    fc.record({
      recovers: fc.boolean(),
      second: fc.nat(maxApart),
      team: fc.nat(1),
      readAt: fc.array(fc.nat(100), { minLength: 1, maxLength: 3 }),
      routedAgain: fc.nat(4),
      followedBy: fc.array(between, { maxLength: 3 }),
    }),
    { minLength: 1, maxLength: 14 },
  );

/** Reads the commands of these events in this order, and returns for each team whether it has an open page in the end. */
function openAfter(events: readonly Fired[], order: readonly number[]): boolean[] {
  const world = new World();
  world.step({ do: 'clock', second: 7200 });
  const commands = events.map(({ recovers, second, team }, index) => {
    const its = { occurredAt: seconds(second), alertRecord: `paging.alerts.v1/3/${95 + index}` };
    return recovers ? aResolve(its) : aPage({ ...its, teamId: `team-${team}`, failover });
  });
  for (const index of order) {
    world.step({ do: 'command', command: commands[index] as Command });
    for (const step of events[index]?.followedBy ?? []) world.step(step);
  }
  world.drain();
  const open = world.state?.pages.filter(({ status }) => status === 'delivered') ?? [];
  return [0, 1].map((team) => open.some((page) => (page.failoverOf ?? page).teamId === `team-${team}`));
}

/** Returns for each team whether one of its triggers is followed by no recovery that ends it. */
const openBy = (events: readonly Fired[], ends: (recovery: number, trigger: number) => boolean): boolean[] =>
  [0, 1].map((team) =>
    events.some(
      (event, trigger) =>
        !event.recovers && event.team === team && !events.some((it, index) => it.recovers && ends(index, trigger)),
    ),
  );

describe('for any history of one alert whose events name their alert records', () => {
  it('a team has an open page if and only if its last trigger is behind the last recovery, if all are within five minutes', () => {
    fc.assert(
      fc.property(fired(299), (events) => {
        const read = events.flatMap(({ readAt }, index) => readAt.map((at) => ({ at, index })));
        const order = read.toSorted((a, b) => a.at - b.at).map(({ index }) => index);
        expect(openAfter(events, order)).toEqual(openBy(events, (recovery, trigger) => recovery > trigger));
      }),
      { numRuns: 400 },
    );
  });

  it('a team has an open page if and only if no recovery ends one of its triggers, if they are read in order, perhaps again', () => {
    fc.assert(
      fc.property(fired(3000), (events) => {
        const order = events.flatMap(({ routedAgain }, index) => {
          const first = Math.max(0, index - routedAgain);
          return [index, ...Array.from({ length: index - first }, (_, n) => first + n), index];
        });
        const ends = (recovery: number, trigger: number) => {
          const ahead = (events[recovery]?.second ?? 0) - (events[trigger]?.second ?? 0);
          return Math.abs(ahead) < 300 ? recovery > trigger : ahead > 0;
        };
        expect(openAfter(events, order)).toEqual(openBy(events, ends));
      }),
      { numRuns: 400 },
    );
  });
});
