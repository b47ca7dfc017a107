import type { KnownTeam } from '@pagebridge/handle-registry';
import { type Clock, destinationOf, type Log } from '@pagebridge/vocabulary';
import { type CallMeter, CallPacer, type PacerSettings } from './call-pacer.ts';
import { type CredentialSettings, Credentials } from './directory/credentials.ts';
import { DirectorySync, type SyncSettings } from './directory/directory-sync.ts';
import { HandleLookup, PerMinute } from './directory/handle-lookup.ts';
import { Reporting, type ReportingSettings } from './directory/reporting.ts';
import { StatusWriter } from './directory/status.ts';
import { TeamStore, type TeamStoreSettings } from './directory/team-store.ts';
import type { Destinations, DirectoryPublisher, ReportPublisher, SyncMeter } from './ports.ts';
import type { TableListener, Tables } from './tables.ts';

export interface OwnedSettings {
  readonly sync: SyncSettings;
  readonly store: TeamStoreSettings;
  readonly credentials: CredentialSettings;
  readonly reporting: ReportingSettings;
  readonly pacer: PacerSettings;
  readonly statusMs: number;
  /** The time after which a directory that no connection uses is deleted. */
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
  readonly store: TeamStore;
  readonly lookup: HandleLookup;
}

interface DestinationLimits {
  readonly pacer: CallPacer;
  readonly lookUps: PerMinute;
}

/** A directory without a complete sync for this long is outdated. */
const outdatedMs = 15 * 60_000;

/** The directories that this process owns. Each is synced while an enabled connection uses it. */
export class OwnedDirectories implements TableListener {
  private readonly owned = new Map<string, Owned>();
  /** The pacers by destination org, which keep the state of its rate limit. */
  private readonly destinations = new Map<string, DestinationLimits>();
  /** Functions that cancel the scheduled deletion of a directory that no connection uses. */
  private readonly deletions = new Map<string, () => void>();
  /** The deletions that are being written. A directory begins again once its deletion has ended. */
  private readonly deleting = new Map<string, AbortController>();
  private readonly ending = new Set<Promise<void>>();
  private readonly abort = new AbortController();
  private isOwner: (directory: string) => boolean = () => false;

  constructor(
    private readonly parts: OwnedParts,
    private readonly settings: OwnedSettings,
  ) {}

  /** Sets which directories this process owns. Resolves when the syncs of lost directories have ended. */
  async own(isOwner: (directory: string) => boolean): Promise<void> {
    this.isOwner = isOwner;
    const lost = [...this.owned.keys()].filter((directory) => !isOwner(directory));
    for (const directory of this.deletions.keys()) if (!isOwner(directory)) this.cancelDeletion(directory);
    const ended = Promise.all(lost.map((directory) => this.end(directory)));
    for (const directory of this.parts.tables.directories()) this.connectionsChanged(directory);
    await ended;
  }

  connectionsChanged(directory: string): void {
    if (this.isStopped || !this.isOwner(directory)) return;
    const { tables } = this.parts;
    const deletion = this.deleting.get(directory);
    if (deletion) {
      if (!tables.isUnused(directory)) deletion.abort(new Error('a connection uses the directory again'));
      return;
    }
    const connections = tables.enabledIn(directory);
    const known = this.owned.get(directory);
    if (connections.length === 0) this.inBackground(this.end(directory), directory);
    else if (known) known.sync.connectionsChanged(connections);
    else this.begin(directory);
    if (!tables.isUnused(directory)) this.cancelDeletion(directory);
    else if (!this.deletions.has(directory)) this.scheduleDeletion(directory);
  }

  teamChanged(directory: string, teamId: string, team: KnownTeam | undefined): void {
    const owned = this.owned.get(directory);
    if (owned && !owned.store.arrived(teamId, team)) owned.sync.readAgain(teamId);
  }

  /** Writes a team again that a former owner of the directory overwrote. */
  overwritten(directory: string, teamId: string): void {
    const owned = this.owned.get(directory);
    if (!owned) return;
    this.parts.log.warn({ directory, teamId }, 'stale owner wrote a team; overwriting');
    this.inBackground(owned.store.rewrite(teamId, owned.sync.signal), directory);
  }

  /** Requests a sync. Returns false if this process does not own the directory or no enabled connection uses it. */
  request(directory: string, connectionId?: string, requestId?: string): boolean {
    const owned = this.owned.get(directory);
    owned?.sync.request(connectionId, requestId);
    return owned !== undefined;
  }

  /** Looks up one handle, given without `@oncall-`. Also returns false if the handle was looked up recently. */
  lookUp(directory: string, mention: string): boolean {
    const owned = this.owned.get(directory);
    if (!owned?.lookup.mayLookUp(mention)) return false;
    const { lookup, sync } = owned;
    const found = async () => {
      for (const team of await lookup.lookUp(mention, sync.signal)) await sync.applyLookup(team);
    };
    this.inBackground(found(), directory);
    return true;
  }

  get isStopped(): boolean {
    return this.abort.signal.aborted;
  }

  /** Aborts all work, and resolves when it has ended. Nothing starts afterwards. */
  async stop(): Promise<void> {
    this.abort.abort(new Error('the process stops'));
    for (const directory of this.deletions.keys()) this.cancelDeletion(directory);
    await Promise.all([...this.owned.keys()].map((directory) => this.end(directory)));
    await Promise.all(this.ending);
  }

  /** The time since when each directory is outdated, of those without a complete sync for 15 minutes. The oldest come first. */
  outdatedSince(): readonly (readonly [directory: string, since: Date])[] {
    const before = this.parts.clock.now().getTime() - outdatedMs;
    return [...this.owned]
      .map(([directory, { sync }]) => [directory, sync.completeSince] as const)
      .filter(([, since]) => since.getTime() < before)
      .toSorted(([, a], [, b]) => a.getTime() - b.getTime());
  }

  /** The enabled connections whose credential does not work. Those that have failed for longest come first. */
  refusedConnections(): readonly string[] {
    const faults = [...this.owned.values()].flatMap(({ sync }) => [...sync.faultsSince]);
    return faults.toSorted(([, a], [, b]) => a - b).map(([connectionId]) => connectionId);
  }

  get sizes() {
    const sizes = { directories: this.owned.size, unread: 0 };
    for (const { sync } of this.owned.values()) sizes.unread += sync.unread;
    return sizes;
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
    // Credentials that were accepted after the status was written have not been reported yet.
    const old = connections.filter(({ credential }) => status && credential.checkedAt <= status.at);
    reporting.assumeReported(old, credentials);
    const store = new TeamStore(directory, { stored, publisher, clock, log }, settings.store);
    const statusWriter = new StatusWriter(directory, publisher, clock, settings.statusMs);
    const parts = { credentials, store, reporting, status: statusWriter, meter, clock, random, log };
    const sync = new DirectorySync(directory, parts, settings.sync, status?.completeAt);
    const lookup = new HandleLookup(directory, credentials, lookUps, { clock, log });
    this.owned.set(directory, { sync, store, lookup });
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

  private cancelDeletion(directory: string): void {
    this.deletions.get(directory)?.();
    this.deletions.delete(directory);
  }

  private scheduleDeletion(directory: string): void {
    const cancel = this.parts.clock.after(this.settings.unusedMs, () => {
      this.deletions.delete(directory);
      this.inBackground(this.deleteDirectory(directory), directory);
    });
    this.deletions.set(directory, cancel);
  }

  /** Deletes the teams and the status of a directory that no connection uses. */
  private async deleteDirectory(directory: string): Promise<void> {
    const { tables, publisher, log, meter } = this.parts;
    if (this.isStopped || !this.isOwner(directory) || !tables.isUnused(directory)) return;
    const writes = [...tables.teamsOf(directory).keys()].map((teamId) => ({ teamId, team: null }));
    const deletion = new AbortController();
    this.deleting.set(directory, deletion);
    const signal = AbortSignal.any([this.abort.signal, deletion.signal]);
    try {
      await publisher.publishTeams(directory, writes, signal);
      await publisher.publishStatus(directory, null, signal);
    } catch (error) {
      if (!this.isStopped && tables.isUnused(directory)) this.scheduleDeletion(directory);
      throw error;
    } finally {
      this.deleting.delete(directory);
      if (!tables.isUnused(directory)) this.connectionsChanged(directory);
    }
    this.dropUnusedLimits(destinationOf(directory));
    meter.syncEnded('deleted', 0);
    log.info({ directory, teams: writes.length }, 'unused directory removed');
  }

  private dropUnusedLimits(destination: string): void {
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

  // A failure is only logged: the next sync finds the differences that were not written.
  private inBackground(work: Promise<void>, directory: string): void {
    const ended = work.catch((error: unknown) => {
      if (!this.isStopped && this.isOwner(directory))
        this.parts.log.warn({ directory, error: String(error) }, 'directory update failed; next sync retries');
    });
    this.ending.add(ended);
    ended.finally(() => this.ending.delete(ended));
  }
}
