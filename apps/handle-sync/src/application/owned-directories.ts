import type { KnownTeam } from '@pagebridge/handle-registry';
import { type Clock, destinationOf, type Log } from '@pagebridge/vocabulary';
import { type CallMeter, CallPacer, type PacerSettings } from './call-pacer.ts';
import { type CredentialSettings, Credentials } from './directory/credentials.ts';
import { DirectorySync, type SyncSettings } from './directory/directory-sync.ts';
import { HandleLookup, PerMinute } from './directory/handle-lookup.ts';
import { Reporting, type ReportingSettings } from './directory/reporting.ts';
import { StatusWriter } from './directory/status.ts';
import { type BookSettings, TeamBook } from './directory/team-book.ts';
import type { Destinations, DirectoryPublisher, ReportPublisher, SyncMeter } from './ports.ts';
import type { TableListener, Tables } from './tables.ts';

export interface OwnedSettings {
  readonly sync: SyncSettings;
  readonly book: BookSettings;
  readonly credentials: CredentialSettings;
  readonly reporting: ReportingSettings;
  readonly pacer: PacerSettings;
  readonly statusMs: number;
  /** So long a directory is kept that no connection uses. */
  readonly unusedMs: number;
  readonly lookUpsPerMinute: number;
}

export interface OwnedParts {
  readonly tables: Tables;
  readonly destinations: Destinations;
  readonly publisher: DirectoryPublisher;
  readonly reports: ReportPublisher;
  readonly meter: SyncMeter & CallMeter;
  readonly clock: Clock;
  readonly random: () => number;
  readonly log: Log;
}

interface Owned {
  readonly sync: DirectorySync;
  readonly book: TeamBook;
  readonly lookup: HandleLookup;
}

interface DestinationLimits {
  readonly pacer: CallPacer;
  readonly lookUps: PerMinute;
}

/** The directories that this process owns, each with its sync while an enabled connection uses it. */
export class OwnedDirectories implements TableListener {
  private readonly owned = new Map<string, Owned>();
  /** By destination org: they know what is left of its rate limit. */
  private readonly destinations = new Map<string, DestinationLimits>();
  /** What cancels the end of each directory that no connection uses. */
  private readonly unused = new Map<string, () => void>();
  private readonly ending = new Set<Promise<void>>();
  private readonly abort = new AbortController();
  private isMine: (directory: string) => boolean = () => false;

  constructor(
    private readonly parts: OwnedParts,
    private readonly settings: OwnedSettings,
  ) {}

  /** Sets which directories are ours: those no longer ours end, those newly ours begin. Resolves when the lost ones have ended. */
  async own(isMine: (directory: string) => boolean): Promise<void> {
    this.isMine = isMine;
    const lost = [...this.owned.keys()].filter((directory) => !isMine(directory));
    for (const directory of this.unused.keys()) if (!isMine(directory)) this.keep(directory);
    const ended = Promise.all(lost.map((directory) => this.end(directory)));
    for (const directory of this.parts.tables.directories()) this.connectionsChanged(directory);
    await ended;
  }

  connectionsChanged(directory: string): void {
    if (this.isStopped || !this.isMine(directory)) return;
    const { tables } = this.parts;
    const connections = tables.enabledIn(directory);
    const known = this.owned.get(directory);
    if (connections.length === 0) this.inBackground(this.end(directory), directory);
    else if (known) known.sync.connectionsChanged(connections);
    else this.begin(directory);
    if (!tables.isUnused(directory)) this.keep(directory);
    else if (!this.unused.has(directory)) this.forgetLater(directory);
  }

  teamChanged(directory: string, teamId: string, team: KnownTeam | undefined): void {
    const owned = this.owned.get(directory);
    if (owned && !owned.book.arrived(teamId, team)) owned.sync.lost(teamId);
  }

  /** A former owner wrote over what this one knows: it is written again. */
  overwritten(directory: string, teamId: string): void {
    const owned = this.owned.get(directory);
    if (!owned) return;
    this.parts.log.warn({ directory, teamId }, 'a former owner of the directory wrote; its record is replaced');
    this.inBackground(owned.book.rewrite(teamId, owned.sync.signal), directory);
  }

  /** False where the directory is not ours or nobody uses it. */
  request(directory: string, connectionId?: string, requestId?: string): boolean {
    const owned = this.owned.get(directory);
    owned?.sync.ask(connectionId, requestId);
    return owned !== undefined;
  }

  /** The same for one handle, without `@oncall-`; false also where it was looked up a moment ago. */
  lookUp(directory: string, mention: string): boolean {
    const owned = this.owned.get(directory);
    if (!owned?.lookup.mayLookUp(mention)) return false;
    const { lookup, sync } = owned;
    const found = async () => {
      for (const team of await lookup.lookUp(mention, sync.signal)) await sync.found(team);
    };
    this.inBackground(found(), directory);
    return true;
  }

  get isStopped(): boolean {
    return this.abort.signal.aborted;
  }

  /** Aborts what runs and resolves when it has ended; nothing starts afterwards. */
  async stop(): Promise<void> {
    this.abort.abort(new Error('the process stops'));
    for (const directory of this.unused.keys()) this.keep(directory);
    await Promise.all([...this.owned.keys()].map((directory) => this.end(directory)));
    await Promise.all(this.ending);
  }

  /** Milliseconds since the directory whose last complete look is longest ago had it. */
  stalenessMs(): number {
    return [...this.owned.values()].reduce((oldest, { sync }) => Math.max(oldest, sync.stalenessMs), 0);
  }

  get sizes() {
    const unread = [...this.owned.values()].reduce((sum, { sync }) => sum + sync.unread, 0);
    return { directories: this.owned.size, unread };
  }

  private begin(directory: string): void {
    const { tables, publisher, reports, destinations, clock, random, log, meter } = this.parts;
    const { settings } = this;
    const { pacer, lookUps } = this.limitsOf(directory);
    const status = tables.statusOf(directory);
    const connections = tables.enabledIn(directory);
    const stored = () => tables.teamsOf(directory);
    const credentials = new Credentials({ destinations, pacer, clock, random }, settings.credentials);
    credentials.update(connections, status);
    const reporting = new Reporting(reports, clock, settings.reporting, random);
    // Those that were accepted since are new to whoever looks now.
    const old = connections.filter(({ credential }) => status && credential.checkedAt <= status.at);
    reporting.assumeTold(old, credentials);
    const book = new TeamBook(directory, { stored, publisher, clock, log }, settings.book);
    const statusWriter = new StatusWriter(directory, publisher, clock, settings.statusMs);
    const parts = { credentials, book, reporting, status: statusWriter, meter, clock, random, log };
    const sync = new DirectorySync(directory, parts, settings.sync, status?.completeAt);
    const lookup = new HandleLookup(directory, credentials, lookUps, { clock, log });
    this.owned.set(directory, { sync, book, lookup });
    sync.start();
  }

  private async end(directory: string): Promise<void> {
    const owned = this.owned.get(directory);
    if (!owned) return;
    this.owned.delete(directory);
    const ended = owned.sync.stop();
    this.ending.add(ended);
    await ended.finally(() => this.ending.delete(ended));
  }

  private keep(directory: string): void {
    this.unused.get(directory)?.();
    this.unused.delete(directory);
  }

  private forgetLater(directory: string): void {
    const cancel = this.parts.clock.after(this.settings.unusedMs, () => {
      this.unused.delete(directory);
      this.inBackground(this.forget(directory), directory);
    });
    this.unused.set(directory, cancel);
  }

  /** Deletes what is known of a directory that nobody uses. */
  private async forget(directory: string): Promise<void> {
    const { tables, publisher, log, meter } = this.parts;
    if (this.isStopped || !this.isMine(directory) || !tables.isUnused(directory)) return;
    const writes = [...tables.teamsOf(directory).keys()].map((teamId) => ({ teamId, team: null }));
    try {
      await publisher.publishTeams(directory, writes, this.abort.signal);
      await publisher.publishStatus(directory, null, this.abort.signal);
    } catch (error) {
      if (!this.isStopped && tables.isUnused(directory)) this.forgetLater(directory);
      throw error;
    }
    this.forgetLimits(destinationOf(directory));
    meter.looked('deleted', 0);
    log.info({ directory, teams: writes.length }, 'a directory that no connection uses was removed');
  }

  private forgetLimits(destination: string): void {
    const isUsed = [...this.owned.keys()].some((directory) => destinationOf(directory) === destination);
    if (!isUsed) this.destinations.delete(destination);
  }

  private limitsOf(directory: string): DestinationLimits {
    const destination = destinationOf(directory);
    const { clock, meter } = this.parts;
    const known = this.destinations.get(destination) ?? {
      pacer: new CallPacer(this.settings.pacer, clock, meter),
      lookUps: new PerMinute(this.settings.lookUpsPerMinute, clock),
    };
    this.destinations.set(destination, known);
    return known;
  }

  // No page is involved: the next look finds what was not written.
  private inBackground(work: Promise<void>, directory: string): void {
    const ended = work.catch((error: unknown) => {
      if (!this.isStopped && this.isMine(directory))
        this.parts.log.warn({ directory, error: String(error) }, 'work on a directory failed');
    });
    this.ending.add(ended);
    ended.finally(() => this.ending.delete(ended));
  }
}
