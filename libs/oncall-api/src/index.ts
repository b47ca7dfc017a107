/** Typed calls to a destination's On-Call API. Decides nothing, retries nothing, logs nothing. */
export type { ApplicationKey } from './application-key.ts';
export type { CurrentUser } from './current-user.ts';
export { type Credential, OncallApi, type OncallApiOptions } from './oncall-api.ts';
export type { PageRequest } from './page-request.ts';
export { closePools } from './pools.ts';
export type { RateLimit } from './rate-limit.ts';
export { type Failure, type FailureCause, type FailureKind, failureCauses, type Result } from './result.ts';
export type { RoutingRules } from './routing-rules.ts';
export type { Team, TeamPage } from './team-page.ts';
export type { User } from './user.ts';
