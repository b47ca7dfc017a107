import type { Connection } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import {
  type Agenda,
  type AgendaSettings,
  ask,
  ended,
  idle,
  isDue,
  isPrompt,
  type RunEnd,
  sooner,
  spread,
  started,
} from '../domain/agenda.ts';
import { causeOf } from '../domain/connection-change.ts';
import type { SyncMemory } from './sync-connection.use-case.ts';
import type { SyncRunner } from './sync-runner.ts';
import type { TableListener, Tables } from './tables.ts';

export interface SchedulerSettings extends AgendaSettings {
  /** Syncs at once that somebody waits for, and routine ones beside them. */
  readonly promptSyncs: number;
  readonly routineSyncs: number;
  /** How long handles may be there before their connection, when the two topics are read at different paces. */
  readonly orphanMs: number;
}

export interface SchedulerParts {
  readonly tables: Tables;
  readonly runner: SyncRunner;
  readonly clock: Pick<Clock, 'now'>;
  /** From 0 to 1. */
  readonly random: () => number;
}

interface Entry {
  agenda: Agenda;
  readonly memory: SyncMemory;
  readonly ownedSince: number;
  goodAt?: number;
  traceparent?: string;
  run?: { readonly abort: AbortController; readonly done: Promise<void> };
  /** No longer ours, and here only until its run has ended. */
  lost?: boolean;
}

type Lane = 'prompt' | 'routine';

/**
 * Decides when each connection that this process owns is synced, and runs it: never two syncs of one connection at once.
 *
 * A change of the connection or a wish during a sync leads to one more after it; losing ownership or `stop` aborts it.
 */
export class SyncScheduler implements TableListener {
  private readonly entries = new Map<string, Entry>();
  private readonly running: Record<Lane, number> = { prompt: 0, routine: 0 };
  private timer: NodeJS.Timeout | undefined;
  private isMine: (connectionId: string) => boolean = () => false;
  private stopped = false;
  private waking = false;

  constructor(
    private readonly parts: SchedulerParts,
    private readonly settings: SchedulerSettings,
  ) {}

  /** Sets which connections are ours: those no longer ours stop, those newly ours are looked at. */
  async own(isMine: (connectionId: string) => boolean): Promise<void> {
    this.isMine = isMine;
    const lost = [...this.entries].filter(([connectionId]) => !isMine(connectionId));
    for (const [connectionId, entry] of lost) this.leave(connectionId, entry);
    for (const connectionId of this.parts.tables.ids()) {
      if (isMine(connectionId)) this.adopt(connectionId);
    }
    await Promise.all(lost.map(([, { run }]) => run?.done));
  }

  connectionChanged(connectionId: string, before: Connection | undefined, after: Connection | undefined): void {
    if (!this.isMine(connectionId)) return;
    const cause = causeOf(before, after);
    if (!cause) return;
    const entry = this.entry(connectionId);
    if (cause !== 'new') entry.memory.suspicious = false;
    // What runs was begun with what no longer holds.
    entry.run?.abort.abort(new Error('the connection changed'));
    this.plan(connectionId, (agenda) => ask(agenda, cause, this.now, this.settings));
  }

  handleOrphaned(connectionId: string): void {
    if (!this.isMine(connectionId)) return;
    const at = this.now + this.settings.orphanMs;
    this.plan(connectionId, (agenda) => sooner(agenda, 'orphaned', at));
  }

  /** Wishes for a sync; false when the connection is not there, not ours, or disabled. */
  request(connectionId: string, cause: 'requested' | 'unknown-handle', traceparent?: string): boolean {
    if (!this.isMine(connectionId) || !this.parts.tables.connection(connectionId)?.enabled) return false;
    const entry = this.entry(connectionId);
    if (traceparent) entry.traceparent = traceparent;
    this.plan(connectionId, (agenda) => ask(agenda, cause, this.now, this.settings));
    return true;
  }

  /** Milliseconds since the enabled connection whose last good sync is longest ago had it; 0 when there is none. */
  stalenessMs(): number {
    const ages = [...this.entries].flatMap(([connectionId, { goodAt, ownedSince }]) =>
      this.parts.tables.connection(connectionId)?.enabled ? [this.now - (goodAt ?? ownedSince)] : [],
    );
    return ages.reduce((oldest, age) => Math.max(oldest, age), 0);
  }

  get isStopped(): boolean {
    return this.stopped;
  }

  /** Aborts what runs and resolves when it has ended; nothing starts afterwards. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    const entries = [...this.entries.values()];
    for (const { run } of entries) run?.abort.abort(new Error('the process stops'));
    await Promise.all(entries.map(({ run }) => run?.done));
  }

  private get now(): number {
    return this.parts.clock.now().getTime();
  }

  private leave(connectionId: string, entry: Entry): void {
    if (!entry.run) this.entries.delete(connectionId);
    entry.lost = true;
    entry.run?.abort.abort(new Error('the connection went to another instance'));
  }

  // Known handles can wait their turn, so that a restart does not meet every destination at once.
  private adopt(connectionId: string): void {
    const known = this.entries.get(connectionId);
    if (known && !known.lost) return;
    if (known) delete known.lost;
    const { tables, random } = this.parts;
    if (tables.isOrphaned(connectionId)) this.handleOrphaned(connectionId);
    if (!tables.connection(connectionId)?.enabled) return;
    const fresh = tables.handlesOf(connectionId).size === 0;
    this.plan(connectionId, (agenda) =>
      fresh ? ask(agenda, 'new', this.now, this.settings) : spread(agenda, this.now, this.settings, random()),
    );
  }

  private entry(connectionId: string): Entry {
    const existing = this.entries.get(connectionId);
    if (existing) return existing;
    const memory = { suspicious: false, faulty: false };
    const entry: Entry = { agenda: idle, memory, ownedSince: this.now };
    this.entries.set(connectionId, entry);
    return entry;
  }

  private plan(connectionId: string, change: (agenda: Agenda) => Agenda): void {
    const entry = this.entry(connectionId);
    entry.agenda = change(entry.agenda);
    this.wake();
  }

  // Once for all that is planned in one go.
  private wake(): void {
    if (this.waking) return;
    this.waking = true;
    queueMicrotask(() => {
      this.waking = false;
      if (!this.stopped) this.startDue();
    });
  }

  // Starts what is due, the longest waiting first, and comes back for what is not. What is due and finds its lane full
  // starts when a run ends.
  private startDue(): void {
    clearTimeout(this.timer);
    const now = this.now;
    const waiting = [...this.entries].filter(([, { agenda, lost }]) => !lost && !agenda.running);
    const dueAt = ({ agenda }: Entry): number => agenda.dueAt ?? Number.POSITIVE_INFINITY;
    const due = waiting.filter(([, { agenda }]) => isDue(agenda, now)).toSorted(([, a], [, b]) => dueAt(a) - dueAt(b));
    for (const [connectionId, entry] of due) this.start(connectionId, entry);
    const next = waiting.reduce((soonest, [, entry]) => {
      const at = dueAt(entry);
      return at > now ? Math.min(soonest, at) : soonest;
    }, Number.POSITIVE_INFINITY);
    if (next < Number.POSITIVE_INFINITY) this.timer = setTimeout(() => this.wake(), next - now);
  }

  private start(connectionId: string, entry: Entry): void {
    const { cause = 'interval' } = entry.agenda;
    const lane: Lane = isPrompt(cause) ? 'prompt' : 'routine';
    if (this.running[lane] >= this.settings[`${lane}Syncs`]) return;
    this.running[lane] += 1;
    entry.agenda = started(entry.agenda, this.now);
    const abort = new AbortController();
    const { memory, traceparent } = entry;
    delete entry.traceparent;
    const run = { signal: abort.signal, memory, ...(traceparent ? { traceparent } : {}) };
    const done = this.parts.runner.run(connectionId, run).then((end) => {
      this.running[lane] -= 1;
      this.finished(connectionId, entry, end);
    });
    entry.run = { abort, done };
  }

  private finished(connectionId: string, entry: Entry, end: RunEnd): void {
    const { random, tables } = this.parts;
    delete entry.run;
    if (end === 'good') entry.goodAt = this.now;
    entry.agenda = ended(entry.agenda, end, this.now, this.settings, random());
    const over = end === 'idle' && entry.agenda.dueAt === undefined && !tables.connection(connectionId);
    if (over || entry.lost) this.entries.delete(connectionId);
    this.wake();
  }
}
