import type { KnownTeam } from '@pagebridge/handle-registry';
import type { Clock, Log } from '@pagebridge/vocabulary';
import { type Change, changeOf, goneChange } from '../../domain/diff-team.ts';
import { loggedChangeOf } from '../../domain/logged-change.ts';
import { RemovalEvidence } from '../../domain/removal-evidence.ts';
import type { Rules, SeenTeam } from '../../domain/team.ts';
import { withinBound } from '../../domain/team-bound.ts';
import type { DirectoryPublisher } from '../ports.ts';

export interface TeamStoreSettings {
  /** How long the former handle of a renamed team remains usable. */
  readonly renameGraceMs: number;
  /** The minimum time between the two syncs that must miss a team before it is removed. */
  readonly confirmMs: number;
  /** The maximum number of on-call teams; further teams are not written. */
  readonly maxTeams: number;
}

export interface TeamStoreParts {
  /** Returns the teams that are in Kafka. */
  readonly stored: () => ReadonlyMap<string, KnownTeam>;
  readonly publisher: DirectoryPublisher;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly log: Log;
}

/** Identifies the credential of a sync and its permissions; undefined if the sync is no evidence for a removal. */
export type CredentialIdentity = string | undefined;

/**
 * The teams of one directory as its owner knows them; writes the differences.
 *
 * Guarantee: a team stays unchanged unless the destination clearly shows a difference.
 */
export class TeamStore {
  private readonly evidence: RemovalEvidence;
  /** On-call teams that had no rules when they were last read. */
  private readonly withoutRules = new Set<string>();
  /** On-call teams that had no rules in a sync that is no evidence; the next sync that is evidence reads them. */
  private readonly doubted = new Set<string>();
  /** The time at which each on-call team last had rules. */
  private readonly rulesSeenAt = new Map<string, number>();
  /** Teams that were written and have not been read back from Kafka. */
  private readonly written = new Map<string, KnownTeam | null>();
  /** On-call teams beyond the limit. */
  private readonly beyond = new Set<string>();

  constructor(
    private readonly directory: string,
    private readonly parts: TeamStoreParts,
    private readonly settings: TeamStoreSettings,
  ) {
    this.evidence = new RemovalEvidence(settings.confirmMs);
  }

  known(teamId: string): KnownTeam | undefined {
    const written = this.written.get(teamId);
    return written === undefined ? this.parts.stored().get(teamId) : (written ?? undefined);
  }

  /** The ids of all teams, on call or not. */
  ids(): Set<string> {
    const ids = new Set(this.parts.stored().keys());
    for (const [teamId, team] of this.written) {
      if (team) ids.add(teamId);
      else ids.delete(teamId);
    }
    return ids;
  }

  get onCall(): number {
    let count = 0;
    for (const [teamId, { onCall }] of this.parts.stored()) if (onCall && !this.written.has(teamId)) count += 1;
    for (const team of this.written.values()) if (team?.onCall) count += 1;
    return count;
  }

  someOnCall(teamIds: Iterable<string>): string | undefined {
    for (const teamId of teamIds) if (this.known(teamId)?.onCall) return teamId;
    return undefined;
  }

  /** Applies a record from Kafka. Returns false if the team is gone although this process did not delete it. */
  arrived(teamId: string, team: KnownTeam | undefined): boolean {
    const written = this.written.get(teamId);
    if (written === undefined) return team !== undefined;
    const isSame =
      written === null ? team === undefined : team?.firstSeen === written.firstSeen && isLike(team, written);
    if (isSame) this.written.delete(teamId);
    return true;
  }

  /** Returns the changes of listed teams that have another name or handle than before. */
  renamed(seen: readonly SeenTeam[]): Change[] {
    return seen.flatMap((team) => {
      const known = this.known(team.teamId);
      return known ? (this.change(known, team, known.onCall) ?? []) : [];
    });
  }

  /** Returns the removals of teams that a complete list does not show and that are confirmed as gone. */
  absent(listed: ReadonlySet<string>, identity: CredentialIdentity): Change[] {
    for (const teamId of this.beyond) if (!listed.has(teamId)) this.beyond.delete(teamId);
    for (const teamId of listed) if (!this.withoutRules.has(teamId)) this.evidence.clear(teamId);
    const absent = [...this.ids()].filter((teamId) => !listed.has(teamId));
    if (identity === undefined) return [];
    for (const teamId of absent) this.evidence.suspect(teamId, identity, this.elapsed);
    const isMass = this.isMass(absent);
    return absent.flatMap((teamId) => {
      const known = this.known(teamId);
      return known && this.evidence.isConfirmed(teamId, this.elapsed, isMass) ? goneChange(known) : [];
    });
  }

  /** Records that a team exists although lists do not show it. */
  clearSuspicion(teamId: string): void {
    this.evidence.clear(teamId);
  }

  /** Returns the change that follows from the routing rules of a team. */
  applyRules(seen: SeenTeam, rules: Rules, identity: CredentialIdentity): Change | undefined {
    const { teamId } = seen;
    const known = this.known(teamId);
    if (rules === 'some' || rules === 'none') this.doubted.delete(teamId);
    if (rules === 'some') {
      this.evidence.clear(teamId);
      this.withoutRules.delete(teamId);
      this.rulesSeenAt.set(teamId, this.elapsed);
      return this.change(known, seen, true);
    }
    if (rules !== 'none') return undefined;
    this.beyond.delete(teamId);
    if (!known?.onCall) return this.change(known, seen, false);
    if (identity === undefined) {
      this.doubted.add(teamId);
      return undefined;
    }
    this.withoutRules.add(teamId);
    this.rulesSeenAt.delete(teamId);
    this.evidence.suspect(teamId, identity, this.elapsed);
    return this.evidence.isConfirmed(teamId, this.elapsed, this.areMostWithoutRules)
      ? this.change(known, seen, false)
      : undefined;
  }

  /** The on-call teams without rules whose rules should be read again, to suspect or to confirm the removal. */
  get suspected(): string[] {
    const mayBeConfirmed = (teamId: string) => this.evidence.isConfirmed(teamId, this.elapsed, false);
    return [...this.doubted, ...[...this.withoutRules].filter(mayBeConfirmed)];
  }

  /**
   * Returns the removals of unlisted teams whose handle another team is about to get: a destination gives a handle to one team
   * only. They need no second sync, until which the handle would lead to a deleted team.
   */
  displacedBy(changes: readonly Change[], listed: ReadonlyMap<string, SeenTeam>): Change[] {
    const taken = new Set(changes.flatMap(({ team }) => (team?.onCall ? team.teamHandle : [])));
    // Before the first list, no team counts as unlisted.
    if (taken.size === 0 || listed.size === 0) return [];
    const changed = new Set(changes.map(({ teamId }) => teamId));
    return [...this.ids()].flatMap((teamId) => {
      const known = this.known(teamId);
      if (!known?.onCall || changed.has(teamId) || listed.has(teamId)) return [];
      return taken.has(known.teamHandle) ? goneChange(known) : [];
    });
  }

  /** Writes a team again whose record somebody else overwrote. */
  async rewrite(teamId: string, signal: AbortSignal): Promise<void> {
    const team = this.known(teamId) ?? null;
    await this.parts.publisher.publishTeams(this.directory, [{ teamId, team }], signal);
  }

  /** The number of on-call teams that are not kept because of the limit. */
  get notKept(): number {
    return this.beyond.size;
  }

  /** Writes and returns the changes within the limit. If Kafka fails, the next sync finds the same differences. */
  async write(all: readonly Change[], signal: AbortSignal): Promise<readonly Change[]> {
    const changes = this.withRoom(all);
    if (changes.length === 0) return changes;
    const writes = changes.map((change) => {
      const { teamId, team } = change;
      return { teamId, team, logged: loggedChangeOf(change, this.known(teamId)) };
    });
    for (const { teamId, team } of changes) this.written.set(teamId, team);
    try {
      await this.parts.publisher.publishTeams(this.directory, writes, signal);
    } catch (error) {
      for (const { teamId } of changes) this.written.delete(teamId);
      throw error;
    }
    for (const { teamId, kind } of changes) {
      if (kind !== 'removed' && kind !== 'forgotten') continue;
      this.evidence.clear(teamId);
      this.withoutRules.delete(teamId);
      this.doubted.delete(teamId);
      this.rulesSeenAt.delete(teamId);
    }
    const count = (wanted: Change['kind']) => changes.filter(({ kind }) => kind === wanted).length;
    const counts = { added: count('added'), renamed: count('renamed'), removed: count('removed') };
    this.parts.log.info({ directory: this.directory, ...counts }, 'teams changed');
    return changes;
  }

  private withRoom(changes: readonly Change[]): readonly Change[] {
    const { maxTeams } = this.settings;
    const atMost = this.parts.stored().size + this.written.size + changes.length;
    // Counting is slow, and few directories come near the limit.
    if (atMost <= maxTeams && this.beyond.size === 0) return changes;
    const { onCall } = this;
    const counts = { onCall, offCall: this.ids().size - onCall };
    const { within, beyond } = withinBound(changes, (teamId) => this.known(teamId), counts, maxTeams);
    for (const { teamId } of within) this.beyond.delete(teamId);
    if (this.beyond.size === 0 && beyond.length > 0)
      this.parts.log.warn({ directory: this.directory, maxTeams }, 'directory exceeds MAX_TEAMS; extra teams skipped');
    for (const teamId of beyond) this.beyond.add(teamId);
    return within;
  }

  /** Whether most on-call teams whose rules were read recently have none. */
  private get areMostWithoutRules(): boolean {
    const since = this.elapsed - this.settings.confirmMs;
    let seen = 0;
    for (const at of this.rulesSeenAt.values()) if (at > since) seen += 1;
    return this.withoutRules.size > seen;
  }

  private isMass(teamIds: readonly string[]): boolean {
    const lost = teamIds.filter((teamId) => this.known(teamId)?.onCall).length;
    return lost * 2 > this.onCall;
  }

  private change(known: KnownTeam | undefined, seen: SeenTeam, onCall: boolean): Change | undefined {
    return changeOf(known, seen, onCall, this.parts.clock.now().getTime(), this.settings.renameGraceMs);
  }

  private get elapsed(): number {
    return this.parts.clock.elapsedMs();
  }
}

const isLike = (a: KnownTeam, b: KnownTeam): boolean =>
  a.teamHandle === b.teamHandle && a.teamName === b.teamName && a.onCall === b.onCall;
