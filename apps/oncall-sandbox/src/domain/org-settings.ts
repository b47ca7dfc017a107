/** The answer for the routing rules of a team that was never onboarded; the real one is not known. */
export const neverOnboardedAnswers = ['not-found', 'empty'] as const;
type NeverOnboardedAnswer = (typeof neverOnboardedAnswers)[number];

/** The order of teams that are listed without `sort`: that of their creation, or another one at each call. */
export const teamOrders = ['made', 'changing'] as const;
type TeamOrder = (typeof teamOrders)[number];

/** The settings that make an org stricter or odder than most tests need. */
export interface OrgSettings {
  neverOnboarded: NeverOnboardedAnswer;
  teamOrder: TeamOrder;
  /** At this number of coming page turns one team is deleted and a new one is added at the end of the list. */
  swapsAtPageTurns: number;
  /** The time for which a revoked key still works. */
  revocationSeconds: number;
  /** The time after which a list of pages shows a change of a page. */
  pageListLagMs: number;
}

export const lenient: OrgSettings = {
  neverOnboarded: 'not-found',
  teamOrder: 'made',
  swapsAtPageTurns: 0,
  revocationSeconds: 0,
  pageListLagMs: 0,
};
