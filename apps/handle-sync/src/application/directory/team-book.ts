import type { KnownTeam } from '@pagebridge/handle-registry';
import type { Clock, Log } from '@pagebridge/vocabulary';
import { type Change, changeOf, goneChange } from '../../domain/diff-team.ts';
import { RemovalEvidence } from '../../domain/removal-evidence.ts';
import type { Rules, SeenTeam } from '../../domain/team.ts';
import { withinBound } from '../../domain/team-bound.ts';
import { toldOf } from '../../domain/told-change.ts';
import type { DirectoryPublisher } from '../ports.ts';

export interface BookSettings {
  /** How long a renamed team's old handle stays usable. */
  readonly renameGraceMs: number;
  /** Between the two looks that must show a team gone. */
  readonly confirmMs: number;
  /** On-call teams that are kept; those beyond are not written. */
  readonly mostTeams: number;
}

export interface BookParts {
  /** The teams as Kafka has them. */
  readonly stored: () => ReadonlyMap<string, KnownTeam>;
  readonly publisher: DirectoryPublisher;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly log: Log;
}

/** Who looked, and whether its not seeing a team says anything: `undefined` where it does not. */
export type Witness = string | undefined;

/**
 * The teams of one directory as its owner knows them, and the writing of what differs.
 *
 * Guarantee: whatever the destination does not show clearly stays as it was.
 */
export class TeamBook {
  private readonly evidence: RemovalEvidence;
  /** On-call teams whose rules were gone when they were read last. */
  private readonly withoutRules = new Set<string>();
  /** The same of those that were read by who proves nothing: whoever looks next and proves something reads them. */
  private readonly doubted = new Set<string>();
  /** When rules of on-call teams were last seen there. */
  private readonly rulesSeenAt = new Map<string, number>();
  /** What was written and has not come back from Kafka yet. */
  private readonly written = new Map<string, KnownTeam | null>();
  /** On-call teams for which there is no room. */
  private readonly beyond = new Set<string>();

  constructor(
    private readonly directory: string,
    private readonly parts: BookParts,
    private readonly settings: BookSettings,
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

  /** Kafka shows this of a team. False where it is gone though nobody here deleted it. */
  arrived(teamId: string, team: KnownTeam | undefined): boolean {
    const written = this.written.get(teamId);
    if (written === undefined) return team !== undefined;
    const isSame =
      written === null ? team === undefined : team?.firstSeen === written.firstSeen && isLike(team, written);
    if (isSame) this.written.delete(teamId);
    return true;
  }

  /** Of teams that a list shows: those that have another name or handle than before. */
  renamed(seen: readonly SeenTeam[]): Change[] {
    return seen.flatMap((team) => {
      const known = this.known(team.teamId);
      return known ? (this.change(known, team, known.onCall) ?? []) : [];
    });
  }

  /** Of teams that a complete list does not show: those that are thought to be gone by now. */
  absent(listed: ReadonlySet<string>, witness: Witness): Change[] {
    for (const teamId of this.beyond) if (!listed.has(teamId)) this.beyond.delete(teamId);
    for (const teamId of listed) if (!this.withoutRules.has(teamId)) this.evidence.clear(teamId);
    const absent = [...this.ids()].filter((teamId) => !listed.has(teamId));
    if (witness === undefined) return [];
    for (const teamId of absent) this.evidence.suspect(teamId, witness, this.elapsed);
    const isMass = this.isMass(absent);
    return absent.flatMap((teamId) => {
      const known = this.known(teamId);
      return known && this.evidence.isConfirmed(teamId, this.elapsed, isMass) ? goneChange(known) : [];
    });
  }

  /** A team that lists do not show is there all the same. */
  isThere(teamId: string): void {
    this.evidence.clear(teamId);
  }

  /** What the routing rules of a team change. */
  ruled(seen: SeenTeam, rules: Rules, witness: Witness): Change | undefined {
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
    if (witness === undefined) {
      this.doubted.add(teamId);
      return undefined;
    }
    this.withoutRules.add(teamId);
    this.rulesSeenAt.delete(teamId);
    this.evidence.suspect(teamId, witness, this.elapsed);
    return this.evidence.isConfirmed(teamId, this.elapsed, this.areMostWithoutRules)
      ? this.change(known, seen, false)
      : undefined;
  }

  /** On-call teams whose rules were gone, and which a first look may now suspect, or a second believe, to be off call. */
  get suspected(): string[] {
    return [...this.doubted, ...[...this.withoutRules].filter((teamId) => this.evidence.isRipe(teamId, this.elapsed))];
  }

  /**
   * Teams whose handle another one has now, which is about to be written, and which are listed no longer: a destination gives a
   * handle to one team alone. No second look is waited for, since until then the handle would lead to a team that is gone.
   */
  displacedBy(changes: readonly Change[], listed: ReadonlyMap<string, SeenTeam>): Change[] {
    const taken = new Set(changes.flatMap(({ team }) => (team?.onCall ? team.teamHandle : [])));
    // Before the first list nobody can say that a team is not listed.
    if (taken.size === 0 || listed.size === 0) return [];
    const changed = new Set(changes.map(({ teamId }) => teamId));
    return [...this.ids()].flatMap((teamId) => {
      const known = this.known(teamId);
      if (!known?.onCall || changed.has(teamId) || listed.has(teamId)) return [];
      return taken.has(known.teamHandle) ? goneChange(known) : [];
    });
  }

  /** Writes a team again that somebody else wrote over. */
  async rewrite(teamId: string, signal: AbortSignal): Promise<void> {
    const team = this.known(teamId) ?? null;
    await this.parts.publisher.publishTeams(this.directory, [{ teamId, team }], signal);
  }

  /** On-call teams that are not kept, since there is no room for more. */
  get left(): number {
    return this.beyond.size;
  }

  /**
   * Answers what was written: all that there is room for. Rejects where Kafka does not take it; the next look then finds the
   * same differences.
   */
  async write(all: readonly Change[], signal: AbortSignal): Promise<readonly Change[]> {
    const changes = this.withRoom(all);
    if (changes.length === 0) return changes;
    const writes = changes.map((change) => {
      const { teamId, team } = change;
      return { teamId, team, told: toldOf(change, this.known(teamId)) };
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
    const { mostTeams } = this.settings;
    const atMost = this.parts.stored().size + this.written.size + changes.length;
    // Counting takes time, and few directories are anywhere near.
    if (atMost <= mostTeams && this.beyond.size === 0) return changes;
    const { onCall } = this;
    const counts = { onCall, offCall: this.ids().size - onCall };
    const { within, beyond } = withinBound(changes, (teamId) => this.known(teamId), counts, mostTeams);
    for (const { teamId } of within) this.beyond.delete(teamId);
    if (this.beyond.size === 0 && beyond.length > 0)
      this.parts.log.warn({ directory: this.directory, mostTeams }, 'a directory has more teams on call than are kept');
    for (const teamId of beyond) this.beyond.add(teamId);
    return within;
  }

  /** Of the on-call teams whose rules were read of late. */
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
