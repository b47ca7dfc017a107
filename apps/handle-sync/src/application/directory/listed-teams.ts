import type { Team } from '@pagebridge/destination';
import { type SeenTeam, usableTeam } from '../../domain/team.ts';

/** The teams of the last list, by id. */
export class ListedTeams {
  private readonly teams = new Map<string, SeenTeam>();
  /** Teams that were looked up since the current list began. The list may show an older state of them. */
  private readonly lookedUp = new Map<string, SeenTeam>();

  get all(): ReadonlyMap<string, SeenTeam> {
    return this.teams;
  }

  begin(): void {
    this.lookedUp.clear();
  }

  /** Applies a team that was looked up while a list may be in progress. */
  found(team: SeenTeam): void {
    this.lookedUp.set(team.teamId, team);
    if (this.teams.has(team.teamId)) this.teams.set(team.teamId, team);
  }

  /** Replaces the teams by those of a finished list. Returns the teams whose handle can be mentioned. */
  add(teams: readonly Team[]): readonly SeenTeam[] {
    const usable = teams.flatMap(
      ({ id, handle, name }) =>
        this.lookedUp.get(id) ?? usableTeam({ teamId: id, teamHandle: handle, teamName: name }) ?? [],
    );
    this.teams.clear();
    for (const team of usable) this.teams.set(team.teamId, team);
    return usable;
  }
}
