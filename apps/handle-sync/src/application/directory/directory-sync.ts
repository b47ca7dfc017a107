import type { Connection } from '@pagebridge/contracts';
import type { Clock, Log } from '@pagebridge/vocabulary';
import { ListSchedule, type ScheduleSettings } from '../../domain/list-schedule.ts';
import type { SyncMeter } from '../ports.ts';
import type { Credentials } from './credentials.ts';
import type { Asker } from './look.ts';
import { Looker } from './looker.ts';
import type { Next } from './next.ts';
import { Progress } from './progress.ts';
import type { Reporting } from './reporting.ts';
import type { TeamRules } from './rules/rules-reader.ts';
import type { StatusWriter } from './status.ts';
import type { TeamBook } from './team-book.ts';

export interface SyncSettings extends ScheduleSettings {
  /** A directory that is still not read as a whole after so long is reported. */
  readonly lateMs: number;
  /** Teams whose rules are read at once. */
  readonly concurrency: number;
}

export interface SyncParts {
  readonly credentials: Credentials;
  readonly book: TeamBook;
  readonly reporting: Reporting;
  readonly status: StatusWriter;
  readonly meter: SyncMeter;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs' | 'after'>;
  readonly random: () => number;
  readonly log: Log;
}

/** So many are told of one look by name; it is made for all others as well. */
const mostAskers = 1000;

/**
 * Keeps the teams of one directory as the destination shows them, as long as this process owns the directory: says when a
 * look is due. What a look does says `Looker`, what is told of it `Progress`.
 *
 * In each round the teams are listed, and the routing rules of new and changed ones and of a tenth of the others are read;
 * what the destination's rate limit does not allow in this round follows in the next.
 */
export class DirectorySync {
  private readonly abort = new AbortController();
  private readonly progress: Progress;
  private readonly looker: Looker;
  private readonly schedule: ListSchedule;
  /** Who asked for the next look; undefined where nobody did. */
  private askers: Set<Asker> | undefined;
  /** Who waits for the list that is read just now. */
  private waiting: ReadonlySet<Asker> | undefined;
  private proving: Promise<void> | undefined;
  private wakeUp = () => {};
  private running: Promise<void> = Promise.resolve();

  constructor(
    readonly directory: string,
    private readonly parts: SyncParts,
    settings: SyncSettings,
    /** When its former owner last saw all of it. */
    completeAt: string | undefined,
  ) {
    this.schedule = new ListSchedule(settings, parts.random);
    this.progress = new Progress(directory, parts, settings.lateMs, completeAt);
    this.looker = new Looker(parts, this.progress, settings.concurrency, this.abort.signal);
  }

  /** Where a former owner saw all of it, the first look may wait its turn within the interval. */
  start(): void {
    if (this.progress.wasComplete) this.schedule.spread(this.now);
    this.running = this.run();
  }

  /** Ends what is under way. Resolves when it has ended. */
  async stop(): Promise<void> {
    this.abort.abort(new Error('the directory went to another instance, or the process stops'));
    this.wakeUp();
    await this.running;
    await this.proving;
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get unread(): number {
    return this.looker.seen.unread;
  }

  get stalenessMs(): number {
    return this.progress.stalenessMs;
  }

  /** Somebody asks for a fresh look at all of it, for one of its connections, whose own credential is tried too, or for none. */
  ask(connectionId?: string, requestId?: string): void {
    const { credentials } = this.parts;
    for (const id of connectionId === undefined ? credentials.refused : [connectionId]) credentials.doubt(id);
    this.askFor(connectionId === undefined ? [] : [{ connectionId, requestId }]);
    this.schedule.ask(this.now);
    this.wakeUp();
  }

  /** Its connections are others than before. */
  connectionsChanged(connections: readonly Connection[]): void {
    const { credentials } = this.parts;
    const hadNone = credentials.working.length === 0;
    credentials.update(connections, undefined);
    const dropped = this.looker.dropStale();
    if (dropped || (hadNone && credentials.working.length > 0)) this.listNow(dropped?.waiting);
    this.wakeUp();
  }

  /** A team that was looked up by its handle, with what its rules showed. */
  async found({ team, rules }: TeamRules): Promise<void> {
    this.looker.listed.found(team);
    const change = this.parts.book.ruled(team, rules, undefined);
    if (!change) return;
    await this.looker.write([change]);
    this.wakeUp();
  }

  /** A team is gone from Kafka that nobody here deleted, as when a former owner or the deletion of the directory was late. */
  lost(teamId: string): void {
    this.looker.readAgain(teamId);
    this.wakeUp();
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      const startedAt = this.now;
      try {
        await this.turn();
      } catch (error) {
        if (signal.aborted) return;
        // No page is involved: the teams stay as Kafka has them, and the next look finds the same differences.
        this.parts.log.error({ directory: this.directory, error: String(error) }, 'a look failed on our side');
        this.progress.ended('error', { startedAt, waiting: undefined });
        const waiting = this.waiting ?? this.looker.drop()?.waiting;
        if (waiting) this.askFor(waiting);
        this.waiting = undefined;
        this.schedule.failed(this.now, waiting !== undefined);
      }
      await this.pause();
    }
  }

  /** Does whatever is due. */
  private async turn(): Promise<void> {
    this.prove();
    const next = await this.step();
    if (next?.due === 'later') this.schedule.failed(this.now, false);
    if (next?.due === 'now') this.listNow(next.askers);
    await this.progress.tell(this.looker.seen, this.abort.signal);
    const isGood = this.looker.seen.look?.hasRead || !this.looker.isReading;
    if (next?.due === 'as-planned' && isGood) this.schedule.succeeded();
  }

  private async step(): Promise<Next | undefined> {
    if (this.schedule.dueAt <= this.now && !this.isBlind) return this.list();
    return this.looker.isReading ? this.looker.readSome() : undefined;
  }

  /** No credential works, and one is tried just now: a look would only say what was said before. */
  private get isBlind(): boolean {
    return this.proving !== undefined && this.parts.credentials.working.length === 0;
  }

  private async list(): Promise<Next> {
    const { askers } = this;
    this.askers = undefined;
    const isDueByItself = this.schedule.begin(this.now);
    const unasked = this.progress.wasComplete ? 'idle' : 'pressing';
    const urgency = askers ? 'urgent' : unasked;
    // Those whom the look that ends with it has not answered wait for this one.
    const left = this.looker.drop()?.waiting;
    const waiting = left ? new Set([...left, ...(askers ?? [])].slice(0, mostAskers)) : askers;
    this.waiting = waiting;
    const next = await this.looker.list({ waiting, isAskedFor: askers !== undefined, isDueByItself }, urgency);
    this.waiting = undefined;
    return next;
  }

  // Beside the looks: many connections have as many credentials, and nobody's handles wait for the proof of another's.
  private prove(): void {
    const { credentials, log } = this.parts;
    if (this.proving || credentials.nextProofAt > this.now) return;
    const hadNone = credentials.working.length === 0;
    this.proving = credentials
      .proveNext(this.abort.signal)
      .catch((error: unknown) => {
        if (!this.abort.signal.aborted)
          log.error({ directory: this.directory, error: String(error) }, 'a proof failed on our side');
      })
      .finally(() => {
        this.proving = undefined;
        if (hadNone && credentials.working.length > 0) this.listNow(undefined);
        this.wakeUp();
      });
  }

  private askFor(askers: Iterable<Asker>): void {
    this.askers ??= new Set();
    for (const asker of askers) if (this.askers.size < mostAskers) this.askers.add(asker);
  }

  /** For those who asked and wait still, where there are any. */
  private listNow(waiting: ReadonlySet<Asker> | undefined): void {
    if (waiting) {
      this.askFor(waiting);
      this.schedule.askAgain(this.now);
    } else this.schedule.hurry(this.now);
    this.wakeUp();
  }

  /** Until something is due, or somebody asks. */
  private async pause(): Promise<void> {
    const proofAt = this.proving ? Number.POSITIVE_INFINITY : this.parts.credentials.nextProofAt;
    const listAt = this.isBlind ? Number.POSITIVE_INFINITY : this.schedule.dueAt;
    const waitMs = this.looker.isReading ? 0 : Math.min(listAt, proofAt) - this.now;
    if (waitMs <= 0 || this.abort.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Blind, it is woken by the end of the proof.
    const cancel = Number.isFinite(waitMs) ? this.parts.clock.after(waitMs, resolve) : () => {};
    this.wakeUp = resolve;
    await promise;
    cancel();
  }

  private get now(): number {
    return this.parts.clock.elapsedMs();
  }
}
