import type { Failure } from '@pagebridge/destination';
import type { Change } from '../../domain/diff-team.ts';
import { RulesQueue } from '../../domain/rules-queue.ts';
import type { Urgency } from '../call-pacer.ts';
import { type Listing, listTeams } from '../team-list.ts';
import type { SyncParts } from './directory-sync.ts';
import { type Fault, keysRefused, listForbidden, rulesForbidden } from './fault.ts';
import { ListedTeams } from './listed-teams.ts';
import { type ListCause, Look } from './look.ts';
import { asPlanned, later, type Next } from './next.ts';
import type { Opened } from './opened.ts';
import type { Progress, Seen } from './progress.ts';
import { RulesAccess } from './rules/rules-access.ts';
import { readRules, type TeamRules } from './rules/rules-reader.ts';

/** The number of rounds in which all rules are read again. */
const rounds = 10;
/** The number of rules that are read concurrently if no team is new, so that a requested list need not wait long. */
const fewAtOnce = 2;

/** Runs the syncs of a directory: lists the teams, reads their rules in batches, and writes each difference at once. */
export class Looker {
  private readonly queue = new RulesQueue(rounds);
  readonly listed = new ListedTeams();
  private look: Look | undefined;
  private readonly access = new RulesAccess();

  constructor(
    private readonly parts: SyncParts,
    private readonly progress: Progress,
    /** The maximum number of teams whose rules are read concurrently. */
    private readonly concurrency: number,
    private readonly signal: AbortSignal,
  ) {}

  get seen(): Seen {
    return { look: this.look, listed: this.listed.all.size, unread: this.queue.unread };
  }

  get isReading(): boolean {
    return this.look !== undefined && !this.queue.isEmpty;
  }

  /** Ends the current sync and returns it. Rules that it has not read stay queued for the next sync. */
  drop(): Look | undefined {
    const { look } = this;
    this.look = undefined;
    return look;
  }

  /** Like `drop`, but only if the credential of the current sync is no longer in use. */
  dropStale(): Look | undefined {
    const { look } = this;
    return look && !this.parts.credentials.holds(look.opened.connection) ? this.drop() : undefined;
  }

  /** Queues a team again whose record disappeared from Kafka. */
  readAgain(teamId: string): void {
    if (this.listed.all.has(teamId)) this.queue.want(teamId, 'new');
  }

  async list(cause: ListCause, urgency: Urgency): Promise<Next> {
    const { credentials } = this.parts;
    this.look = undefined;
    this.listed.begin();
    const begun = { startedAt: this.parts.clock.elapsedMs(), waiting: cause.waiting };
    const { opened, failure } = await credentials.open(this.signal);
    if (failure) return this.failed(begun, failure);
    if (!opened) {
      this.progress.ended('credential-fault', begun);
      return later;
    }
    const look = new Look(opened, begun.startedAt, cause);
    const list = await listTeams((query) => opened.teams(query, urgency));
    if (!list.ok) return this.listRefused(look, list.failure);
    // The connection may have been deleted, or have got other keys, during the list.
    if (!credentials.holds(opened.connection)) return this.abandoned(look);
    credentials.accept(opened.connection);
    await this.takeList(look, list);
    if (cause.isAskedFor) this.queue.wantAll();
    if (!credentials.holds(opened.connection)) return this.abandoned(look);
    this.look = look;
    return asPlanned;
  }

  /** Reads the rules of a batch of teams, the most urgent first. */
  async readSome(): Promise<Next> {
    const { look, queue } = this;
    if (!look) return asPlanned;
    const urgency = this.urgencyOf(look);
    const isNews = queue.hasNews || queue.isIncomplete;
    const teams = queue
      .take(isNews ? this.concurrency : fewAtOnce)
      .flatMap((teamId) => this.listed.all.get(teamId) ?? []);
    const readings = await readRules(teams, look.opened, urgency);
    try {
      await this.takeRules(look, readings);
    } catch (error) {
      // The rules were read, but the differences were not written.
      for (const { team } of readings) queue.failed(team.teamId, false);
      throw error;
    }
    for (const { team, rules } of readings) {
      if (rules === 'unread') queue.failed(team.teamId, look.hasRead);
      else queue.read(team.teamId);
    }
    return this.judge(look, readings);
  }

  private async takeList(look: Look, { teams, complete }: Extract<Listing, { ok: true }>): Promise<void> {
    const { book } = this.parts;
    const ids = new Set(teams.map(({ id }) => id));
    const usable = this.listed.take(teams);
    const seemsGone = complete && [...book.ids()].some((teamId) => !ids.has(teamId));
    const witness = seemsGone ? await look.witness() : undefined;
    const gone = await this.reallyGone(look, book.absent(ids, witness));
    const renamed = book.renamed(usable);
    await this.write([...renamed, ...gone]);
    const { queue } = this;
    // A team with hidden rules never becomes known, so the queue must be asked too.
    const isNew = (teamId: string) => !queue.has(teamId) && !book.known(teamId);
    const fresh = [...this.listed.all.keys()].filter(isNew);
    queue.round(new Set(this.listed.all.keys()));
    queue.retry();
    for (const teamId of fresh) queue.want(teamId, 'new');
    for (const { teamId } of renamed) queue.want(teamId, 'changed');
    for (const teamId of book.suspected) if (this.listed.all.has(teamId)) queue.want(teamId, 'suspected');
    this.progress.listed(complete ? undefined : movingList);
  }

  /**
   * Filters teams that lists have not shown for long enough: keeps those whose routing rules do not exist either. Teams
   * that are created and deleted while a list is paged through can hide another team from every list.
   */
  private async reallyGone(look: Look, changes: readonly Change[]): Promise<Change[]> {
    // Teams that are not on call cannot be mentioned, so they need no check.
    const gone = changes.filter(({ kind }) => kind === 'forgotten');
    const handles = changes.filter(({ kind }) => kind !== 'forgotten');
    for (let from = 0; from < handles.length; from += this.concurrency) {
      const some = handles.slice(from, from + this.concurrency);
      const answers = await Promise.all(some.map(({ teamId }) => look.opened.isOnCall(teamId, 'idle')));
      for (const [index, change] of some.entries()) {
        const answer = answers[index];
        if (!answer?.ok) continue;
        if (answer.value) this.parts.book.isThere(change.teamId);
        else gone.push(change);
      }
    }
    return gone;
  }

  private urgencyOf(look: Look): Urgency {
    const { queue } = this;
    // In the first sync all teams are new; its calls are spread over time.
    if (look.waiting && queue.hasNews && this.progress.wasComplete) return 'urgent';
    return queue.hasNews || queue.isIncomplete ? 'pressing' : 'idle';
  }

  private async takeRules(look: Look, readings: readonly TeamRules[]): Promise<void> {
    const { book } = this.parts;
    const seemsGone = readings.some(({ team, rules }) => rules === 'none' && book.known(team.teamId)?.onCall);
    const witness = seemsGone ? await look.witness() : undefined;
    await this.write(readings.flatMap(({ team, rules }) => book.ruled(team, rules, witness) ?? []));
  }

  /** Derives from a batch of rules whether the credential works and when to list again. */
  private async judge(look: Look, readings: readonly TeamRules[]): Promise<Next> {
    const refused = readings.find(({ failure }) => failure?.cause === 'unauthorized');
    if (refused?.failure) {
      for (const { team } of readings) this.queue.failed(team.teamId, false);
      return this.refuse(look, keysRefused(refused.failure));
    }
    const read = readings.find(({ rules }) => rules === 'some' || rules === 'none');
    if (read) {
      this.access.read(read.team.teamId);
      look.read();
      return asPlanned;
    }
    const hidden = readings.flatMap(({ team, rules }) => (rules === 'forbidden' ? team.teamId : []));
    if (hidden.length === 0) return this.silent(look, readings[0]?.failure);
    const forbidden = await this.access.forbidden(hidden, look, this.listed.all, () =>
      this.parts.book.someOnCall(this.listed.all.keys()),
    );
    if (forbidden === undefined) return asPlanned;
    return this.refuse(look, rulesForbidden(this.listed.all.size, forbidden));
  }

  /** Handles a batch for which the destination answered nothing. */
  private silent(look: Look, failure: Failure | undefined): Next {
    if (!failure) return asPlanned;
    if (!look.hasRead) return this.failed(look, failure);
    if (look.silent()) this.look = undefined;
    return asPlanned;
  }

  private async listRefused(look: Look, failure: Failure): Promise<Next> {
    if (failure.kind !== 'credential') return this.failed(look, failure);
    return this.refuse(look, await this.faultOf(look.opened, failure));
  }

  // A 403 without a named permission can concern the keys or the permission; validating the keys tells which.
  private async faultOf(opened: Opened, failure: Failure) {
    if (failure.cause === 'unauthorized') return keysRefused(failure);
    if (failure.cause === 'missing-permission') return listForbidden(failure);
    const keys = await opened.validateKeys('pressing');
    return !keys.ok && keys.failure.kind === 'credential' ? keysRefused(failure) : listForbidden(failure);
  }

  private refuse(look: Look, fault: Fault): Next {
    this.parts.credentials.refuse(look.opened.connection, fault);
    return this.abandoned(look);
  }

  /** Ends a sync whose credential cannot be used; another credential may work. */
  private abandoned(look: Look): Next {
    const { credentials } = this.parts;
    this.look = undefined;
    if (credentials.working.length > 0) return { due: 'now', askers: look.waiting };
    this.progress.ended('credential-fault', look);
    return later;
  }

  private failed(look: Pick<Look, 'startedAt' | 'waiting'>, failure: Failure): Next {
    this.look = undefined;
    this.progress.failed(look, failure.detail);
    return later;
  }

  async write(changes: readonly Change[]): Promise<void> {
    const { book, reporting } = this.parts;
    reporting.add(await book.write([...changes, ...book.displacedBy(changes, this.listed.all)], this.signal));
  }
}

const movingList =
  'The list of teams kept changing while it was read, had incomplete entries or too many, or did not end; no handle was removed.';
