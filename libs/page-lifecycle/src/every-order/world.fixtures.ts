import type { AlertState, Command } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import type { Answer } from '../attempts/apply-answer.ts';
import { callOf } from '../attempts/attempt.ts';
import { defaultPolicy } from '../attempts/policy.fixtures.ts';
import { ofKind } from '../changes.fixtures.ts';
import { aPage, aResolve, received } from '../commands/commands.fixtures.ts';
import { due } from '../due.ts';
import type { PendingOutcome } from '../effects.ts';
import { LedgerOrder } from '../ledger/ledger-order.ts';
import { type Written } from '../ledger/ledger-record.ts';
import { reported } from '../outcomes.ts';
import { pageOf } from '../page.ts';
import { type Input, step } from '../step.ts';

/** What a mutant replaces: the law itself, and when the offset of a command is committed. */
export interface Rules {
  readonly step: typeof step;
  readonly commits: 'at once' | 'once written';
}

export const rules: Rules = { step, commits: 'once written' };

export const recovery = 'recovery';
const failover = {
  ...{ connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'operations', teamHandle: 'operations' },
  ...{ afterSeconds: 120, afterFailures: 2 },
};
const its = (pageId: string, minute: number) => ({
  ...{ pageId, alertEventId: pageId, occurredAt: `2026-01-31T12:0${minute}:00.000Z` },
});

/** Returns the commands of one alert. The second page is more urgent: if both are for one team, it replaces the first. */
export const commandsFor = (secondTeam: string): Readonly<Record<string, Command>> => ({
  first: aPage({ ...its('first', 0), urgency: 'low', failover }),
  second: aPage({ ...its('second', 1), teamId: secondTeam }),
  [recovery]: aResolve(its(recovery, 2)),
});

interface Waiting {
  readonly pageId: string;
  readonly kind: 'create' | 'resolve';
}

/** `after`: the number of the write before which the call is not sent. */
interface Call extends Waiting {
  readonly after: number;
  readonly isSent: boolean;
}

/** A record of the ledger. */
interface Kept {
  readonly said: AlertState;
  readonly by: Written;
}

type Write = Kept & { readonly outcomes: readonly PendingOutcome[] };

/** The process that owns the partition, and what it has in memory. */
interface Owner {
  readonly ownerEpoch: number;
  readonly alert: AlertState | undefined;
  /** The number of writes that have begun. */
  readonly writes: number;
  readonly writing: Write | undefined;
  /** The outcomes for the next write; undefined if none is needed. */
  readonly changed: readonly PendingOutcome[] | undefined;
  /** The commands that are read and not committed, each with the number of the write before which it is not. */
  readonly read: Readonly<Record<string, number>>;
  readonly waiting: readonly Waiting[];
  readonly calls: readonly Call[];
}

/** One alert and everything around it. It never changes: each event returns a new world. */
export interface World {
  readonly now: number;
  readonly committed: readonly string[];
  readonly owner: Owner;
  /** The record of the ledger that counts. */
  readonly ledger: Kept | undefined;
  /** The writes of former owners that may still arrive. */
  readonly late: readonly Kept[];
  /** The pages that a call may have created. */
  readonly mayExist: readonly string[];
  readonly published: readonly string[];
  /** What has happened, and the promise that this broke. */
  readonly events: readonly string[];
  readonly broken?: string;
}

const nobody: Owner = {
  ...{ ownerEpoch: 1, alert: undefined, writes: 0, writing: undefined, changed: undefined },
  ...{ read: {}, waiting: [], calls: [] },
};
export const beginning: World = {
  ...{ now: Date.parse('2026-01-31T12:03:00.000Z'), committed: [], owner: nobody, ledger: undefined, late: [] },
  ...{ mayExist: [], published: [], events: [] },
};

const connection = aConnection({ connectionId: aPage().connectionId, sourceOrg: 'acme-us' });
const terms = { ...defaultPolicy, connectionOf: (connectionId: string) => ({ ...connection, connectionId }) };

const failed = { kind: 'failed', cause: 'server', detail: '', waitMs: 2000, mayHaveCreated: false } as const;
const refused = { kind: 'refused', detail: '' } as const;
const answersTo = ({ pageId, kind }: Waiting): Readonly<Record<string, Answer>> =>
  kind === 'resolve'
    ? { 'is resolved': { kind: 'resolved' }, 'is not resolved': failed, 'cannot be resolved': refused }
    : {
        'is created': { kind: 'created', destinationPageId: `d-${pageId}` },
        'is not created': failed,
        'may be created': { ...failed, mayHaveCreated: true },
        'is refused': refused,
      };

/** What may happen next. `isDue`: it happens if there are no faults. */
export interface Event {
  readonly name: string;
  readonly isDue: boolean;
  readonly next: () => World;
}

export class Surroundings {
  constructor(
    private readonly commands: Readonly<Record<string, Command>>,
    private readonly rules: Rules,
  ) {}

  eventsOf(world: World): Event[] {
    const { owner, committed, late, now } = world;
    const { writing, waiting } = owner;
    const sent = owner.calls.filter(({ isSent }) => isSent);
    const times = waiting.map((call) => nextTime(world, call)).filter((time) => time > now);
    const isDue = times.length > 0;
    // A call that hangs outlasts a deadline.
    const then = isDue ? Math.min(...times) : now + failover.afterSeconds * 1000;
    return [
      ...(writing ? [{ name: 'a write ends', isDue: true, next: () => this.written(world, writing) }] : []),
      ...sent.flatMap((call) => this.answers(world, call)),
      ...Object.entries(this.commands).map(([name, command]) => {
        const isNew = !committed.includes(name) && owner.read[name] === undefined;
        const next = () => this.read(world, name, command, isNew);
        return { name: `${name} is read${isNew ? '' : ' again'}`, isDue: isNew, next };
      }),
      ...(isDue || sent.length > 0
        ? [{ name: 'time passes', isDue, next: () => this.goOn({ ...world, now: then }) }]
        : []),
      ...this.takeovers(world),
      ...late.map((write, n) => {
        const next = () => ({ ...landed(world, write), late: late.toSpliced(n, 1) });
        return { name: 'a late write arrives', isDue: false, next };
      }),
    ];
  }

  private read(world: World, name: string, command: Command, isNew: boolean): World {
    const input: Input = { kind: 'commands', received: [received(command)], admission: {}, isWritten: false };
    const after = this.apply(world, input);
    const number = this.rules.commits === 'at once' ? 0 : nextWrite(after.owner);
    return this.goOn(isNew ? having(after, { read: { ...after.owner.read, [name]: number } }) : after);
  }

  private written(world: World, write: Write): World {
    const outcomes = write.outcomes.map(({ outcome }) => outcome);
    const names = outcomes.map(({ pageId, outcome }) => `${pageId} ${outcome}`);
    const published = [...new Set([...world.published, ...names])].toSorted();
    const alert = world.owner.alert && reported(world.owner.alert, outcomes);
    return this.goOn({ ...having(landed(world, write), { writing: undefined, alert }), published });
  }

  private answers(world: World, call: Call): Event[] {
    const { pageId } = call;
    return Object.entries(answersTo(call)).map(([name, answer], n) => {
      const isNot = answer.kind === 'refused' || (answer.kind === 'failed' && !answer.mayHaveCreated);
      const mayExist =
        isNot && call.kind === 'create' ? world.mayExist.toSpliced(world.mayExist.indexOf(pageId), 1) : world.mayExist;
      const next = () => this.goOn(this.answered({ ...world, mayExist }, call, answer));
      return { name: `${pageId} ${name}`, isDue: n === 0, next };
    });
  }

  private answered(world: World, call: Call, answer: Answer): World {
    const left = having(world, { calls: world.owner.calls.filter((other) => other !== call) });
    return this.apply(left, { kind: 'answered', pageId: call.pageId, callKind: call.kind, answer });
  }

  /** A newer owner reads the ledger. The last write of the former one is in it, is lost, or arrives later. */
  private takeovers(world: World): Event[] {
    const { writing, ownerEpoch } = world.owner;
    const takeover = (name: string, of: World): Event => {
      const owner = { ...nobody, ownerEpoch: ownerEpoch + 1, alert: of.ledger?.said };
      return { name, isDue: false, next: () => this.goOn(this.apply({ ...of, owner }, { kind: 'restored' })) };
    };
    const lost = takeover('a takeover', world);
    if (!writing) return [lost];
    const after = takeover('a takeover after the write', landed(world, writing));
    return [lost, after, takeover('a takeover before the write', { ...world, late: [...world.late, writing] })];
  }

  /** Steps the alert, and takes up the effects as page-delivery does. */
  private apply(world: World, input: Input): World {
    const { alert: before, waiting, changed = [] } = world.owner;
    const { alert, effects } = this.rules.step(before, input, new Date(world.now), terms);
    const pending = ofKind(effects, 'publish').map((effect) => effect.pending);
    const outcomes = pending.filter(({ outcome }) => outcome.outcome !== 'retried');
    const ended = ofKind(effects, 'call-off').map(({ page }) => page.pageId);
    const left = waiting.filter(({ pageId }) => !ended.includes(pageId));
    const begun = ofKind(effects, 'call').map(({ page, callKind }) => ({ pageId: page.pageId, kind: callKind }));
    const isChanged = alert !== before || outcomes.length > 0;
    const its = isChanged ? { changed: [...changed, ...outcomes] } : {};
    return having(world, { alert, waiting: [...left, ...begun], ...its });
  }

  /** Does what follows at once: begins calls, sends them, commits offsets, and begins a write. */
  private goOn(from: World): World {
    let world = from;
    for (let before: World | undefined; before !== world; ) {
      before = world;
      world = before.owner.waiting.reduce((after, call) => this.beginCall(after, call), world);
      world = before.owner.calls.reduce((after, call) => this.sendCall(after, call), world);
    }
    const { owner } = world;
    const { read, changed, writing, alert: said, ownerEpoch } = owner;
    const isHeld = ([, after]: [string, number]) => after > writtenUpTo(owner);
    const held = Object.fromEntries(Object.entries(read).filter(isHeld));
    const committed = [...world.committed, ...Object.keys(read).filter((name) => !(name in held))];
    const left = { ...having(world, { read: held }), committed };
    if (!changed || writing || !said) return left;
    const write = owner.writes + 1;
    const begun = { said, by: { ownerEpoch, write }, outcomes: changed };
    return having(left, { writing: begun, changed: undefined, writes: write });
  }

  private beginCall(world: World, call: Waiting): World {
    const { alert, waiting } = world.owner;
    const { pageId, kind } = call;
    if (!waiting.includes(call) || nextTime(world, call) > world.now) return world;
    const checked = this.apply(world, { kind: 'overdue', pageId, keepsUp: true });
    if (checked.owner.alert !== alert) return checked;
    const begun = kind === 'create' ? this.apply(world, { kind: 'begun', pageId }) : world;
    const calls = [...begun.owner.calls, { ...call, after: nextWrite(begun.owner), isSent: false }];
    return having(begun, { calls, waiting: begun.owner.waiting.filter((other) => other !== call) });
  }

  private sendCall(world: World, call: Call): World {
    const { alert, calls } = world.owner;
    if (call.isSent || call.after > writtenUpTo(world.owner) || !calls.includes(call)) return world;
    const page = pageOf(alert, call.pageId);
    if (!page || callOf(alert, call.pageId, new Date(world.now))?.kind !== call.kind)
      return this.answered(world, call, { kind: 'not-called' });
    const sent = having(world, { calls: calls.map((other) => (other === call ? { ...call, isSent: true } : other)) });
    if (call.kind === 'resolve') return sent;
    const isDouble = world.mayExist.includes(page.pageId) && !page.possibleDuplicate;
    const isLate = alert?.recoveredAt || world.committed.includes(recovery);
    const how = isDouble ? 'created twice, without a tag' : isLate ? 'created after its recovery' : undefined;
    const mayExist = [...world.mayExist, page.pageId];
    return { ...sent, mayExist, ...(how ? { broken: `${page.pageId} is ${how}` } : {}) };
  }
}

/** When the call is due, or something else is due for its page. */
function nextTime({ owner: { alert }, now }: World, { pageId }: Waiting): number {
  const page = pageOf(alert, pageId);
  if (!alert || !page) return Number.POSITIVE_INFINITY;
  const what = due(alert, page, terms.connectionOf(page.connectionId), new Date(now), terms);
  return what.kind === 'call' ? Math.min(what.from, what.until) : now;
}

/** The number of the write after which the ledger holds the alert as it is. */
const nextWrite = ({ writes, changed }: Owner): number => writes + (changed ? 1 : 0);
const writtenUpTo = ({ writes, writing }: Owner): number => writes - (writing ? 1 : 0);

function landed(world: World, { said, by }: Kept): World {
  const order = new LedgerOrder();
  const known = world.ledger && order.take(world.ledger, () => undefined);
  const counted = order.take({ said, by }, () => known?.by);
  return counted && typeof counted.said === 'object' ? { ...world, ledger: { said: counted.said, by } } : world;
}

const having = (world: World, its: Partial<Owner>): World => ({ ...world, owner: { ...world.owner, ...its } });
