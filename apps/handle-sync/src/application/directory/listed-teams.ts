import type { Team } from '@pagebridge/destination';
import { type SeenTeam, usableTeam } from '../../domain/team.ts';

/** The teams that the last list showed, by their id. */
export class ListedTeams {
  private readonly teams = new Map<string, SeenTeam>();
  /** Teams that were looked up since the list under way was begun, which may show them as they were before. */
  private readonly lookedUp = new Map<string, SeenTeam>();

  get all(): ReadonlyMap<string, SeenTeam> {
    return this.teams;
  }

  begin(): void {
    this.lookedUp.clear();
  }

  /** A team was looked up by its handle, beside the list under way. */
  found(team: SeenTeam): void {
    this.lookedUp.set(team.teamId, team);
    if (this.teams.has(team.teamId)) this.teams.set(team.teamId, team);
  }

  /** The list has come to its end; answers those of its teams that a mention can name. */
  take(teams: readonly Team[]): readonly SeenTeam[] {
    const usable = teams.flatMap(
      ({ id, handle, name }) =>
        this.lookedUp.get(id) ?? usableTeam({ teamId: id, teamHandle: handle, teamName: name }) ?? [],
    );
    this.teams.clear();
    for (const team of usable) this.teams.set(team.teamId, team);
    return usable;
  }
}
