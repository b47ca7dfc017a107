import type { Failure } from '@pagebridge/destination';
import type { Change } from '../../domain/diff-team.ts';
import { RulesQueue } from '../../domain/rules-queue.ts';
import type { Urgency } from '../call-pacer.ts';
import { type Listing, listTeams } from '../team-list.ts';
import { AbsentTeams } from './absent-teams.ts';
import type { SyncParts } from './directory-sync.ts';
import { type Fault, keysRefused, listForbidden, rulesForbidden } from './fault.ts';
import { ListedTeams } from './listed-teams.ts';
import { asPlanned, later, type NextList } from './next-list.ts';
import type { PacedDestination } from './paced-destination.ts';
import type { Progress, SyncState } from './progress.ts';
import { RulesAccess } from './rules/rules-access.ts';
import { readRules, type TeamRules } from './rules/rules-reader.ts';
import { type ListCause, SyncRun } from './sync-run.ts';

/** The number of rounds in which all rules are read again. */
const rounds = 10;
/** The number of rules that are read concurrently if none is urgent, so that a requested list need not wait long. */
const fewAtOnce = 2;
/** The number of absent teams that are checked with each batch, so that the rounds continue if very many teams are absent. */
const checkedAtOnce = 2;

/** Runs the syncs of a directory: lists the teams, reads their rules in batches, and writes each difference at once. */
export class SyncRunner {
  private readonly queue = new RulesQueue(rounds);
  readonly listed = new ListedTeams();
  private run: SyncRun | undefined;
  private readonly access = new RulesAccess();
  private readonly absent: AbsentTeams;

  constructor(
    private readonly parts: SyncParts,
    private readonly progress: Progress,
    /** The maximum number of teams whose rules are read concurrently. */
    private readonly concurrency: number,
    private readonly signal: AbortSignal,
  ) {
    this.absent = new AbsentTeams(parts.store);
  }

  get state(): SyncState {
    const { unread, hasRequested, isEmpty } = this.queue;
    const hasAwaited = hasRequested || (unread > 0 && !isEmpty);
    return { run: this.run, listed: this.listed.all.size, unread, hasAwaited };
  }

  get isReading(): boolean {
    return this.run !== undefined && !(this.queue.isEmpty && this.absent.areChecked);
  }

  /** Ends the current sync and returns it. Rules that it has not read stay queued for the next sync. */
  drop(): SyncRun | undefined {
    const { run } = this;
    this.run = undefined;
    return run;
  }

  /** Like `drop`, but only if the credential of the current sync is no longer in use. */
  dropStale(): SyncRun | undefined {
    const { run } = this;
    return run && !this.parts.credentials.isCurrent(run.destination.connection) ? this.drop() : undefined;
  }

  /** Queues a team again whose record disappeared from Kafka. */
  readAgain(teamId: string): void {
    if (this.listed.all.has(teamId)) this.queue.enqueue(teamId, 'new');
  }

  async list(cause: ListCause, urgency: Urgency): Promise<NextList> {
    const { credentials } = this.parts;
    this.run = undefined;
    this.listed.begin();
    const begun = { startedAt: this.parts.clock.elapsedMs(), waiting: cause.waiting };
    const { destination, failure } = await credentials.open(this.signal);
    if (failure) return this.failed(begun, failure);
    if (!destination) {
      this.progress.ended('credential-fault', begun);
      return later;
    }
    const run = new SyncRun(destination, begun.startedAt, cause);
    const list = await listTeams((query) => destination.teams(query, urgency));
    if (!list.ok) return this.listRefused(run, list.failure);
    // The connection may have been deleted, or have got other keys, during the list.
    if (!credentials.isCurrent(destination.connection)) return this.abandoned(run);
    credentials.accept(destination.connection);
    await this.applyList(run, list);
    // People request a sync after they have put a team on call, so those that were not on call go first.
    if (cause.isRequested) this.queue.enqueueAll((teamId) => !this.parts.store.known(teamId)?.onCall);
    if (!credentials.isCurrent(destination.connection)) return this.abandoned(run);
    run.listedAt = this.parts.clock.elapsedMs();
    this.run = run;
    return asPlanned;
  }

  /** Reads the rules of a batch of teams, the most urgent first, and checks a few absent teams. */
  async readSome(): Promise<NextList> {
    const { run, queue } = this;
    if (!run) return asPlanned;
    const urgency = this.urgencyOf(run);
    const teams = queue
      .dequeue(urgency !== 'idle' ? this.concurrency : fewAtOnce)
      .flatMap((teamId) => this.listed.all.get(teamId) ?? []);
    const reading = readRules(teams, run.destination, urgency);
    const [readings] = await Promise.all([reading, this.absent.check(checkedAtOnce, run.destination, urgency)]);
    try {
      await this.applyRules(run, readings);
      if (this.absent.areChecked) await this.absent.remove((removals) => this.write(removals));
    } catch (error) {
      // The rules were read, but the differences were not written.
      for (const { team } of readings) queue.failed(team.teamId, false);
      throw error;
    }
    for (const { team, rules } of readings) {
      if (rules === 'unread') queue.failed(team.teamId, run.hasRead);
      else queue.read(team.teamId);
    }
    return this.evaluate(run, readings);
  }

  private async applyList(run: SyncRun, { teams, complete }: Extract<Listing, { ok: true }>): Promise<void> {
    const { store } = this.parts;
    const ids = new Set(teams.map(({ id }) => id));
    const usable = this.listed.add(teams);
    this.absent.listed(ids);
    await this.absent.remove((removals) => this.write(removals));
    const seemsGone = complete && [...store.ids()].some((teamId) => !ids.has(teamId));
    const identity = seemsGone ? await run.identity() : undefined;
    const removals = store.absent(ids, identity);
    // Teams that are not on call cannot be mentioned, so they need no check.
    const forgotten = removals.filter(({ kind }) => kind === 'forgotten');
    if (identity !== undefined) this.absent.replace(removals.filter(({ kind }) => kind !== 'forgotten'));
    const renamed = store.renamed(usable);
    await this.write([...renamed, ...forgotten]);
    const { queue } = this;
    // A team with hidden rules never becomes known, so the queue is checked too.
    const isNew = (teamId: string) => !queue.has(teamId) && !store.known(teamId);
    const newTeams = [...this.listed.all.keys()].filter(isNew);
    queue.round(new Set(this.listed.all.keys()));
    queue.retry();
    for (const teamId of newTeams) queue.enqueue(teamId, 'new');
    for (const { teamId } of renamed) queue.enqueue(teamId, 'changed');
    for (const teamId of store.suspected) if (this.listed.all.has(teamId)) queue.enqueue(teamId, 'suspected');
    this.progress.listed(complete ? undefined : incompleteList);
  }

  private urgencyOf(run: SyncRun): Urgency {
    const { queue } = this;
    // In the first sync all teams are new; its calls are spread over time.
    if (run.waiting && queue.hasNewOrChanged && this.progress.wasComplete) return 'urgent';
    return queue.hasNewOrChanged || queue.hasRequested || queue.isIncomplete ? 'pressing' : 'idle';
  }

  private async applyRules(run: SyncRun, readings: readonly TeamRules[]): Promise<void> {
    const { store } = this.parts;
    const seemsGone = readings.some(({ team, rules }) => rules === 'none' && store.known(team.teamId)?.onCall);
    const identity = seemsGone ? await run.identity() : undefined;
    await this.write(readings.flatMap(({ team, rules }) => store.applyRules(team, rules, identity) ?? []));
  }

  /** Derives from a batch of rules whether the credential works and when to list again. */
  private async evaluate(run: SyncRun, readings: readonly TeamRules[]): Promise<NextList> {
    const refused = readings.find(({ failure }) => failure?.cause === 'unauthorized');
    if (refused?.failure) {
      for (const { team } of readings) this.queue.failed(team.teamId, false);
      return this.refuse(run, keysRefused(refused.failure));
    }
    const read = readings.find(({ rules }) => rules === 'some' || rules === 'none');
    if (read) {
      this.access.read(read.team.teamId);
      run.countRead();
      return asPlanned;
    }
    const hidden = readings.flatMap(({ team, rules }) => (rules === 'forbidden' ? team.teamId : []));
    if (hidden.length === 0) return this.noneRead(run, readings[0]?.failure);
    const forbidden = await this.access.forbidden(hidden, run, this.listed.all, () =>
      this.parts.store.someOnCall(this.listed.all.keys()),
    );
    if (forbidden === undefined) return asPlanned;
    return this.refuse(run, rulesForbidden(this.listed.all.size, forbidden));
  }

  /** Handles a batch for which the destination answered nothing. */
  private noneRead(run: SyncRun, failure: Failure | undefined): NextList {
    if (!failure) return asPlanned;
    if (!run.hasRead) return this.failed(run, failure);
    if (!run.countUnanswered()) return asPlanned;
    this.run = undefined;
    if (run.waiting) this.progress.ended('sync-failed', run);
    return asPlanned;
  }

  private async listRefused(run: SyncRun, failure: Failure): Promise<NextList> {
    if (failure.kind !== 'credential') return this.failed(run, failure);
    return this.refuse(run, await this.faultOf(run.destination, failure));
  }

  // A 403 without a named permission can concern the keys or the permission; validating the keys tells which.
  private async faultOf(destination: PacedDestination, failure: Failure) {
    if (failure.cause === 'unauthorized') return keysRefused(failure);
    if (failure.cause === 'missing-permission') return listForbidden(failure);
    const keys = await destination.validateKeys('pressing');
    return !keys.ok && keys.failure.kind === 'credential' ? keysRefused(failure) : listForbidden(failure);
  }

  private refuse(run: SyncRun, fault: Fault): NextList {
    this.parts.credentials.refuse(run.destination.connection, fault);
    return this.abandoned(run);
  }

  /** Ends a sync whose credential cannot be used; another credential may work. */
  private abandoned(run: SyncRun): NextList {
    const { credentials } = this.parts;
    this.run = undefined;
    if (credentials.working.length > 0) return { due: 'now', requesters: run.waiting };
    this.progress.ended('credential-fault', run);
    return later;
  }

  private failed(run: Pick<SyncRun, 'startedAt' | 'waiting'>, failure: Failure): NextList {
    this.run = undefined;
    this.progress.failed(run, failure.detail);
    return later;
  }

  async write(changes: readonly Change[]): Promise<void> {
    const { store, reporting } = this.parts;
    reporting.add(await store.write([...changes, ...store.displacedBy(changes, this.listed.all)], this.signal));
  }
}

const incompleteList =
  'The list of teams changed while it was read, or was incomplete, too long or endless. No handle was removed.';
