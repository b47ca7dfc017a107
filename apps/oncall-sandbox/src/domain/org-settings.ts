/** How routing rules answer for a team that was never onboarded: nobody knows what the real one says. */
export const neverOnboardedAnswers = ['not-found', 'empty'] as const;
type NeverOnboardedAnswer = (typeof neverOnboardedAnswers)[number];

/** Whether teams that are listed without `sort` stand as they were made, or in another order at each call. */
export const teamOrders = ['made', 'changing'] as const;
type TeamOrder = (typeof teamOrders)[number];

/** In what an org is stricter, or odder, than a test needs at first. */
export interface OrgSettings {
  neverOnboarded: NeverOnboardedAnswer;
  teamOrder: TeamOrder;
  /** At so many page turns to come a team that was listed is deleted and another one made, which comes last. */
  swapsAtPageTurns: number;
  /** How long a revoked key still works. */
  revocationSeconds: number;
}

export const lenient: OrgSettings = {
  neverOnboarded: 'not-found',
  teamOrder: 'made',
  swapsAtPageTurns: 0,
  revocationSeconds: 0,
};
