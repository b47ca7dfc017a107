import type { Change } from '../../domain/diff-team.ts';
import type { Urgency } from '../call-pacer.ts';
import type { PacedDestination } from './paced-destination.ts';
import type { TeamStore } from './team-store.ts';

/**
 * The removals of on-call teams that lists have not shown for long enough. Before a team is removed, its routing rules must be
 * absent too: teams that are created and deleted while a list is paged through can hide another team from every list.
 */
export class AbsentTeams {
  private unchecked: readonly Change[] = [];
  private gone: readonly Change[] = [];

  constructor(private readonly store: Pick<TeamStore, 'known' | 'clearSuspicion'>) {}

  get areChecked(): boolean {
    return this.unchecked.length === 0;
  }

  /** Replaces the removals that are to be checked. */
  replace(removals: readonly Change[]): void {
    this.unchecked = removals;
  }

  /** Forgets the teams of a list. */
  listed(teamIds: ReadonlySet<string>): void {
    const isAbsent = ({ teamId }: Change) => !teamIds.has(teamId);
    this.unchecked = this.unchecked.filter(isAbsent);
    this.gone = this.gone.filter(isAbsent);
  }

  /** Checks the next teams. A team whose rules cannot be read stays until the next list. */
  async check(count: number, destination: PacedDestination, urgency: Urgency): Promise<void> {
    const some = this.unchecked.slice(0, count);
    this.unchecked = this.unchecked.slice(count);
    const answers = await Promise.all(some.map(({ teamId }) => destination.isOnCall(teamId, urgency)));
    const isAnswer = (value: boolean) => (_: Change, index: number) => {
      const answer = answers[index];
      return answer?.ok === true && answer.value === value;
    };
    for (const { teamId } of some.filter(isAnswer(true))) this.store.clearSuspicion(teamId);
    this.gone = [...this.gone, ...some.filter(isAnswer(false))];
  }

  /** Writes the removals of all teams that were checked. Together, because each write is reported. */
  async remove(write: (removals: readonly Change[]) => Promise<void>): Promise<void> {
    // A team whose handle another team has got meanwhile is already removed.
    await write(this.gone.filter(({ teamId }) => this.store.known(teamId)));
    this.gone = [];
  }
}
