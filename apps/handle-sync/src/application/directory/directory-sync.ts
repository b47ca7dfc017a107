import type { Connection } from '@pagebridge/contracts';
import type { Failure } from '@pagebridge/destination';
import type { Clock, Log } from '@pagebridge/vocabulary';
import { RulesQueue } from '../../domain/rules-queue.ts';
import { type SeenTeam, usableTeam } from '../../domain/team.ts';
import type { LookResult, SyncMeter } from '../ports.ts';
import { type Listing, listTeams } from '../team-list.ts';
import { type Credentials, keysRefused, listForbidden, type Opened, rulesForbidden } from './credentials.ts';
import { Look } from './look.ts';
import type { Outlook, Reporting } from './reporting.ts';
import { readRules, type TeamRules } from './rules-reader.ts';
import type { StatusWriter } from './status.ts';
import type { TeamBook } from './team-book.ts';

export interface SyncSettings {
  /** Between two lists of the teams, jittered by a fifth either way. */
  readonly intervalMs: number;
  /** After a first failure; doubles with each further one, up to the interval. */
  readonly retryMs: number;
  /** Least time between two looks that somebody asks for. */
  readonly gapMs: number;
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

/** All rules are read again within so many rounds. */
const rounds = 10;
/** So many teams whose rules are all forbidden, and none that can be read, are not the access control of one team. */
const hopeless = 20;

/**
 * Keeps the teams of one directory as the destination shows them, as long as this process owns the directory.
 *
 * In each round the teams are listed, and the routing rules of new and changed ones and of a tenth of the others are read;
 * what the destination's rate limit does not allow in this round follows in the next. What was read is written at once.
 */
export class DirectorySync {
  private readonly abort = new AbortController();
  private readonly queue = new RulesQueue(rounds);
  private listed: ReadonlyMap<string, SeenTeam> = new Map();
  private look: Look | undefined;
  /** The last look that saw all of it. */
  private whole: { readonly look: Look; readonly durationMs: number } | undefined;
  private completeAt: string | undefined;
  private startedAt = 0;
  private incompleteSince = 0;
  private askers: Set<string> | undefined;
  private listDueAt = 0;
  private failures = 0;
  private forbidden = 0;
  /** Why the last look is not the whole truth. */
  private trouble: string | undefined;
  private proving: Promise<void> | undefined;
  private wakeUp = () => {};
  private running: Promise<void> = Promise.resolve();

  constructor(
    readonly directory: string,
    private readonly parts: SyncParts,
    private readonly settings: SyncSettings,
  ) {}

  /** `completeAt`: when its former owner last saw all of it; then the first look may wait its turn within the interval. */
  start(completeAt?: string): void {
    this.completeAt = completeAt;
    this.startedAt = this.now;
    this.incompleteSince = this.now;
    this.listDueAt = this.now + (completeAt ? this.parts.random() * this.settings.intervalMs : 0);
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

  /** Somebody asks for a fresh look at all of it, for one of its connections or for none. */
  ask(connectionId?: string): void {
    const { credentials } = this.parts;
    for (const connectionId of credentials.refused) credentials.proveSoon(connectionId);
    this.askers ??= new Set();
    if (connectionId) this.askers.add(connectionId);
    const lastAt = this.look?.startedAt ?? Number.NEGATIVE_INFINITY;
    this.listDueAt = Math.min(this.listDueAt, Math.max(this.now, lastAt + this.settings.gapMs));
    this.wakeUp();
  }

  /** Its connections are others than before. */
  connectionsChanged(connections: readonly Connection[]): void {
    const { credentials } = this.parts;
    const hadNone = credentials.working.length === 0;
    credentials.update(connections, undefined);
    const isOpen = connections.some((connection) => connection === this.look?.opened.connection);
    if (!isOpen) this.look = undefined;
    if (!isOpen || hadNone) this.listDueAt = Math.min(this.listDueAt, this.now);
    this.wakeUp();
  }

  /** A team that was looked up by its handle, with what its rules showed. */
  async found({ team, rules }: TeamRules): Promise<void> {
    const change = this.parts.book.ruled(team, rules, undefined);
    if (change) await this.write([change]);
  }

  get unread(): number {
    return this.queue.unread;
  }

  /** Milliseconds since all of it was seen, or since this process owns it where it never was. */
  get stalenessMs(): number {
    if (this.completeAt === undefined) return this.now - this.startedAt;
    return this.parts.clock.now().getTime() - Date.parse(this.completeAt);
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
        this.ended('error', startedAt);
        this.backOff();
      }
      await this.pause();
    }
  }

  /** Does whatever is due. */
  private async turn(): Promise<void> {
    this.prove();
    if (this.listDueAt <= this.now) await this.list();
    else if (this.look && !this.queue.isEmpty) await this.readSome(this.look);
    await this.tell();
  }

  // Beside the looks: many connections have as many credentials, and nobody's handles wait for the proof of another's.
  private prove(): void {
    const { credentials, log } = this.parts;
    if (this.proving || credentials.nextProofAt > this.now) return;
    const hadNone = credentials.working.length === 0;
    this.proving = credentials
      .proveDue(this.abort.signal)
      .catch((error: unknown) => {
        if (!this.abort.signal.aborted)
          log.error({ directory: this.directory, error: String(error) }, 'a proof failed');
      })
      .finally(() => {
        this.proving = undefined;
        if (hadNone && credentials.working.length > 0) this.listDueAt = Math.min(this.listDueAt, this.now);
        this.wakeUp();
      });
  }

  private async list(): Promise<void> {
    const startedAt = this.now;
    const { askers } = this;
    this.askers = undefined;
    this.look = undefined;
    this.listDueAt = startedAt + this.settings.intervalMs * (0.8 + 0.4 * this.parts.random());
    const { opened, failure } = await this.parts.credentials.open(this.abort.signal);
    if (!opened) {
      if (failure) {
        this.failed({ startedAt, askers }, failure);
        return;
      }
      this.ended('credential-fault', startedAt, askers);
      this.backOff();
      return;
    }
    const urgency = askers || this.completeAt === undefined ? 'pressing' : 'idle';
    const list = await listTeams((query) => opened.call('teams', urgency, (destination) => destination.teams(query)));
    if (!list.ok) {
      await this.listRefused(new Look(opened, startedAt, askers), list.failure);
      return;
    }
    this.parts.credentials.accept(opened.connection);
    this.failures = 0;
    this.look = new Look(opened, startedAt, askers);
    await this.takeList(this.look, list);
  }

  private async takeList(look: Look, { teams, complete }: Extract<Listing, { ok: true }>): Promise<void> {
    const { book } = this.parts;
    const ids = new Set(teams.map(({ id }) => id));
    const usable = teams.flatMap(
      ({ id, handle, name }) => usableTeam({ teamId: id, teamHandle: handle, teamName: name }) ?? [],
    );
    this.listed = new Map(usable.map((team) => [team.teamId, team]));
    const renamed = book.renamed(usable);
    const seemsGone = complete && [...book.ids()].some((teamId) => !ids.has(teamId));
    const gone = book.absent(ids, seemsGone ? await look.witness() : undefined);
    await this.write([...renamed, ...gone]);
    this.queue.round(new Set(this.listed.keys()));
    for (const teamId of this.listed.keys()) if (!book.known(teamId)) this.queue.want(teamId, 'new');
    for (const { teamId } of renamed) this.queue.want(teamId, 'changed');
    for (const teamId of book.suspected) this.queue.want(teamId, 'suspected');
    this.queue.retry();
    if (look.isPrompted) this.queue.wantAll();
    this.trouble = complete ? undefined : movingList;
  }

  private async readSome(look: Look): Promise<void> {
    const { book, credentials } = this.parts;
    const urgency = this.queue.isPressing || this.queue.unread > 0 ? 'pressing' : 'idle';
    const teams = this.queue.take(this.settings.concurrency).flatMap((teamId) => this.listed.get(teamId) ?? []);
    const readings = await readRules(teams, (teamId) =>
      look.opened.call('rules', urgency, (destination) => destination.isOnCall(teamId)),
    );
    for (const { team, rules } of readings) {
      if (rules === 'unread') this.queue.failed(team.teamId);
      else this.queue.read(team.teamId);
    }
    const refused = readings.find(({ failure }) => failure?.cause === 'unauthorized')?.failure;
    if (refused) {
      for (const { team } of readings) this.queue.failed(team.teamId);
      credentials.refuse(look.opened.connection, keysRefused(refused));
      this.look = undefined;
      this.listDueAt = this.now;
      return;
    }
    const seemsGone = readings.some(({ team, rules }) => rules === 'none' && book.known(team.teamId)?.onCall);
    const witness = seemsGone ? await look.witness() : undefined;
    await this.write(readings.flatMap(({ team, rules }) => book.ruled(team, rules, witness) ?? []));
    this.judge(look, readings);
  }

  /** What a part of the rules says of the whole. */
  private judge(look: Look, readings: readonly TeamRules[]): void {
    const { credentials } = this.parts;
    const { size } = this.listed;
    this.forbidden = readings.every(({ rules }) => rules === 'forbidden') ? this.forbidden + readings.length : 0;
    if (this.forbidden > 0 && this.forbidden >= Math.min(size, hopeless)) {
      this.forbidden = 0;
      credentials.refuse(look.opened.connection, rulesForbidden(size));
      this.look = undefined;
      this.ended('credential-fault', look.startedAt, look.askers);
      if (credentials.working.length > 0) this.listDueAt = this.now;
    } else if (readings.length > 0 && readings.every(({ rules }) => rules === 'unread')) {
      // The destination is in trouble: the rest waits for the next round.
      this.failed(look, readings[0]?.failure);
    }
  }

  private async listRefused(look: Look, failure: Failure): Promise<void> {
    const { credentials } = this.parts;
    const { opened, startedAt, askers } = look;
    if (failure.kind !== 'credential') {
      this.failed(look, failure);
      return;
    }
    credentials.refuse(opened.connection, await this.faultOf(opened, failure));
    this.ended('credential-fault', startedAt, askers);
    if (credentials.working.length > 0) this.listDueAt = this.now;
    else this.backOff();
  }

  // A plain 403 can mean the keys as well as the permission; only the keys themselves tell.
  private async faultOf(opened: Opened, failure: Failure) {
    if (failure.cause === 'unauthorized') return keysRefused(failure);
    if (failure.cause === 'missing-permission') return listForbidden(failure);
    const keys = await opened.call('keys', 'pressing', (destination) => destination.validateKeys());
    return !keys.ok && keys.failure.kind === 'credential' ? keysRefused(failure) : listForbidden(failure);
  }

  private async write(changes: Parameters<TeamBook['write']>[0]): Promise<void> {
    await this.parts.book.write(changes, this.abort.signal);
    this.parts.reporting.add(changes);
  }

  /** Writes the status and reports, where there is something to tell. */
  private async tell(): Promise<void> {
    const { credentials, reporting, book, status } = this.parts;
    const { look, queue } = this;
    const isWhole = look !== undefined && queue.unread === 0 && this.trouble === undefined;
    if (isWhole && this.whole?.look !== look) {
      this.completeAt = this.parts.clock.now().toISOString();
      this.whole = { look, durationMs: this.now - look.startedAt };
      this.ended('synced', look.startedAt, look.askers);
    }
    if (isWhole) this.incompleteSince = this.now;
    const teams = book.onCall;
    const complete = this.completeAt === undefined ? {} : { completeAt: this.completeAt };
    await status.write({ teams, unread: queue.unread, ...complete, refused: credentials.refused }, this.abort.signal);
    await reporting.report(credentials, this.outlook(teams));
  }

  private outlook(teams: number): Outlook | undefined {
    const { unread } = this.queue;
    if (this.trouble !== undefined) return { kind: 'incomplete', unread, detail: this.trouble };
    if (unread === 0) return this.whole && { kind: 'complete', teams, durationMs: this.whole.durationMs };
    // What a round or so brings is not worth a report.
    if (this.now - this.incompleteSince < this.settings.intervalMs) return undefined;
    const detail =
      `The routing rules of ${unread} of ${this.listed.size} teams are still to be read, as fast as the destination's ` +
      'rate limit allows; what was known of them stays.';
    return { kind: 'incomplete', unread, detail };
  }

  private failed({ startedAt, askers }: Pick<Look, 'startedAt' | 'askers'>, failure: Failure | undefined): void {
    this.look = undefined;
    this.trouble = failure?.detail;
    this.ended('sync-failed', startedAt, askers);
    this.backOff();
  }

  private ended(result: LookResult, startedAt: number, askers: Iterable<string> = []): void {
    this.parts.reporting.expect(askers);
    const durationMs = this.now - startedAt;
    this.parts.meter.looked(result, durationMs);
    if (result !== 'synced') this.parts.log.info({ directory: this.directory, result, durationMs }, 'look ended');
  }

  private backOff(): void {
    const pauseMs = Math.min(this.settings.retryMs * 2 ** Math.min(this.failures, 20), this.settings.intervalMs);
    this.failures += 1;
    this.listDueAt = this.now + pauseMs * (0.8 + 0.4 * this.parts.random());
  }

  /** Until something is due, or somebody asks. */
  private async pause(): Promise<void> {
    const isReading = this.look !== undefined && !this.queue.isEmpty;
    const proofAt = this.proving ? Number.POSITIVE_INFINITY : this.parts.credentials.nextProofAt;
    const waitMs = isReading ? 0 : Math.min(this.listDueAt, proofAt) - this.now;
    if (waitMs <= 0 || this.abort.signal.aborted) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    const cancel = this.parts.clock.after(waitMs, resolve);
    this.wakeUp = resolve;
    await promise;
    cancel();
  }

  private get now(): number {
    return this.parts.clock.elapsedMs();
  }
}

const movingList =
  'The list of teams kept changing while it was read, or held teams without id or handle; no handle was removed.';
