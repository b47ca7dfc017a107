import type { Connection } from '@pagebridge/contracts';
import type { Clock, Log } from '@pagebridge/vocabulary';
import { ListSchedule, type ScheduleSettings } from '../../domain/list-schedule.ts';
import type { SyncMeter } from '../ports.ts';
import type { Credentials } from './credentials.ts';
import type { NextList } from './next-list.ts';
import { Progress } from './progress.ts';
import type { Reporting } from './reporting.ts';
import type { TeamRules } from './rules/rules-reader.ts';
import type { StatusWriter } from './status.ts';
import type { Requester } from './sync-run.ts';
import { SyncRunner } from './sync-runner.ts';
import type { TeamStore } from './team-store.ts';

export interface SyncSettings extends ScheduleSettings {
  /** A directory that has not been read completely for this long is reported. */
  readonly lateMs: number;
  /** The number of teams whose rules are read concurrently. */
  readonly concurrency: number;
}

export interface SyncParts {
  readonly credentials: Credentials;
  readonly store: TeamStore;
  readonly reporting: Reporting;
  readonly status: StatusWriter;
  readonly meter: SyncMeter;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs' | 'after'>;
  readonly random: () => number;
  readonly log: Log;
}

/** The maximum number of requests that one sync answers; further requests are served by it, but get no answer. */
const maxRequesters = 1000;

/**
 * Keeps the teams of one directory in sync with the destination while this process owns the directory. Decides when a
 * sync is due; `SyncRunner` runs it, and `Progress` reports it.
 *
 * In each round the teams are listed, and the routing rules of new and changed teams and of a tenth of the others are
 * read. What the rate limit does not allow in one round is read in the next.
 */
export class DirectorySync {
  private readonly abort = new AbortController();
  private readonly progress: Progress;
  private readonly runner: SyncRunner;
  private readonly schedule: ListSchedule;
  /** The requests that the next list answers; undefined if there are none. */
  private requesters: Set<Requester> | undefined;
  /** The requests that wait for the list in progress. */
  private waiting: ReadonlySet<Requester> | undefined;
  private proving: Promise<void> | undefined;
  private wakeUp = () => {};
  private running: Promise<void> = Promise.resolve();

  constructor(
    readonly directory: string,
    private readonly parts: SyncParts,
    settings: SyncSettings,
    /** The time of the last complete sync of the former owner. */
    completeAt: string | undefined,
  ) {
    this.schedule = new ListSchedule(settings, parts.random);
    this.progress = new Progress(directory, parts, settings.lateMs, completeAt);
    this.runner = new SyncRunner(parts, this.progress, settings.concurrency, this.abort.signal);
  }

  /** Starts the sync. If a former owner completed a sync, the first list may come at any time within the interval. */
  start(): void {
    if (this.progress.wasComplete) this.schedule.spread(this.now);
    this.running = this.run();
  }

  /** Aborts the running sync, and resolves when it has ended. */
  async stop(): Promise<void> {
    this.abort.abort(new Error('another instance owns the directory, or the process stops'));
    this.wakeUp();
    await this.running;
    await this.proving;
  }

  get signal(): AbortSignal {
    return this.abort.signal;
  }

  get unread(): number {
    return this.runner.state.unread;
  }

  /** The enabled connections whose credential does not work, by the time at which the fault began. */
  get faultsSince(): ReadonlyMap<string, number> {
    return this.parts.credentials.faultsSince;
  }

  get completeSince(): Date {
    return this.progress.completeSince;
  }

  /** Requests a sync, and a proof of the credential of the connection, or of all refused credentials if none is given. */
  request(connectionId?: string, requestId?: string): void {
    const { credentials } = this.parts;
    for (const id of connectionId === undefined ? credentials.refused : [connectionId]) credentials.requireProof(id);
    this.addRequesters(connectionId === undefined ? [] : [{ connectionId, requestId, at: this.now }]);
    this.schedule.request(this.now);
    this.wakeUp();
  }

  connectionsChanged(connections: readonly Connection[]): void {
    const { credentials } = this.parts;
    const hadNone = credentials.working.length === 0;
    credentials.update(connections, undefined);
    const dropped = this.runner.dropStale();
    if (dropped || (hadNone && credentials.working.length > 0)) this.listNow(dropped?.waiting);
    this.wakeUp();
  }

  /** Applies a team that was looked up by its handle, with its rules. */
  async applyLookup({ team, rules }: TeamRules): Promise<void> {
    this.runner.listed.found(team);
    const change = this.parts.store.applyRules(team, rules, undefined);
    if (!change) return;
    await this.runner.write([change]);
    this.wakeUp();
  }

  /** Reads a team again that disappeared from Kafka, for example through a late write of a former owner. */
  readAgain(teamId: string): void {
    this.runner.readAgain(teamId);
    this.wakeUp();
  }

  private async run(): Promise<void> {
    const { signal } = this.abort;
    while (!signal.aborted) {
      const startedAt = this.now;
      try {
        await this.runDue();
      } catch (error) {
        if (signal.aborted) return;
        // The teams in Kafka stay unchanged, and the next sync finds the same differences.
        this.parts.log.error({ directory: this.directory, error: String(error) }, 'sync failed: internal error');
        this.progress.ended('error', { startedAt, waiting: undefined });
        const waiting = this.waiting ?? this.runner.drop()?.waiting;
        if (waiting) this.addRequesters(waiting);
        this.waiting = undefined;
        this.schedule.failed(this.now, waiting !== undefined);
      }
      await this.pause();
    }
  }

  private async runDue(): Promise<void> {
    this.prove();
    const step = this.step();
    await this.answerDuring(step);
    const next = await step;
    if (next?.due === 'later') this.schedule.failed(this.now, false);
    if (next?.due === 'now') this.listNow(next.requesters);
    await this.progress.publish(this.runner.state, this.abort.signal);
    const isGood = this.runner.state.run?.hasRead || !this.runner.isReading;
    if (next?.due === 'as-planned' && isGood) this.schedule.succeeded();
  }

  /** Answers the requests that are to be answered before the step, a batch of rules, ends. */
  private async answerDuring(step: Promise<unknown>): Promise<void> {
    const answerAt = this.runner.state.run?.answerAt;
    if (answerAt === undefined) return;
    const { promise, resolve } = Promise.withResolvers<'due'>();
    const cancel = this.parts.clock.after(answerAt - this.now, () => resolve('due'));
    const first = await Promise.race([step, promise]).finally(cancel);
    // If publishing fails, the requests are answered after the batch.
    if (first === 'due') await this.progress.publish(this.runner.state, this.abort.signal, true).catch(() => {});
  }

  private async step(): Promise<NextList | undefined> {
    if (this.schedule.dueAt <= this.now && !this.hasNoCredential) return this.list();
    return this.runner.isReading ? this.runner.readSome() : undefined;
  }

  /** Whether no credential works and one is being proven: a sync would only repeat the last report. */
  private get hasNoCredential(): boolean {
    return this.proving !== undefined && this.parts.credentials.working.length === 0;
  }

  private async list(): Promise<NextList> {
    const { requesters } = this;
    this.requesters = undefined;
    const isRegular = this.schedule.begin(this.now);
    const defaultUrgency = this.progress.wasComplete ? 'idle' : 'pressing';
    const urgency = requesters ? 'urgent' : defaultUrgency;
    // Requests that the dropped sync has not answered wait for this one.
    const unanswered = this.runner.drop()?.waiting;
    const waiting = unanswered ? new Set([...unanswered, ...(requesters ?? [])].slice(0, maxRequesters)) : requesters;
    this.waiting = waiting;
    const next = await this.runner.list({ waiting, isRequested: requesters !== undefined, isRegular }, urgency);
    this.waiting = undefined;
    return next;
  }

  // Proofs run concurrently with syncs, so that no handles wait for the proof of another connection's credential.
  private prove(): void {
    const { credentials, log } = this.parts;
    if (this.proving || credentials.nextProofAt > this.now) return;
    const hadNone = credentials.working.length === 0;
    this.proving = credentials
      .proveNext(this.abort.signal)
      .catch((error: unknown) => {
        if (!this.abort.signal.aborted)
          log.error({ directory: this.directory, error: String(error) }, 'credential check failed: internal error');
      })
      .finally(() => {
        this.proving = undefined;
        if (hadNone && credentials.working.length > 0) this.listNow(undefined);
        this.wakeUp();
      });
  }

  private addRequesters(requesters: Iterable<Requester>): void {
    this.requesters ??= new Set();
    for (const requester of requesters) if (this.requesters.size < maxRequesters) this.requesters.add(requester);
  }

  /** Lists the teams at once, for the requests that still wait, if any. */
  private listNow(waiting: ReadonlySet<Requester> | undefined): void {
    if (waiting) {
      this.addRequesters(waiting);
      this.schedule.requestAgain(this.now);
    } else this.schedule.makeDue(this.now);
    this.wakeUp();
  }

  /** Waits until something is due or a sync is requested. */
  private async pause(): Promise<void> {
    const proofAt = this.proving ? Number.POSITIVE_INFINITY : this.parts.credentials.nextProofAt;
    const listAt = this.hasNoCredential ? Number.POSITIVE_INFINITY : this.schedule.dueAt;
    const waitMs = this.runner.isReading ? 0 : Math.min(listAt, proofAt) - this.now;
    if (waitMs <= 0 || this.abort.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    // Without a working credential, the end of the proof wakes the loop.
    const cancel = Number.isFinite(waitMs) ? this.parts.clock.after(waitMs, resolve) : () => {};
    this.wakeUp = resolve;
    await promise;
    cancel();
  }

  private get now(): number {
    return this.parts.clock.elapsedMs();
  }
}
