/** A team as the destination lists it now, its handle without `@oncall-`. */
export interface SeenTeam {
  readonly teamId: string;
  readonly teamHandle: string;
  readonly teamName: string;
}

/**
 * What reading a team's routing rules showed: `some` means on call, `none` not on call.
 *
 * `forbidden` is granular access control hiding one team's rules, `unread` a read that failed after its retries: neither
 * says anything about the team, so what was known of it stays.
 */
export type Rules = 'some' | 'none' | 'forbidden' | 'unread';

/** A listed team with what its routing rules showed. */
export interface ReadTeam extends SeenTeam {
  readonly rules: Rules;
}
