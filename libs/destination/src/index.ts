/** The interface to destinations, and the functions that open one. Retries nothing and logs nothing. */
export { closePools } from './datadog/pools.ts';
export type {
  CurrentUser,
  Destination,
  PageRequest,
  ReadPage,
  Team,
  TeamList,
  TeamQuery,
} from './destination.ts';
export { openConnection, openConnectionOrFormer, openDestination } from './open-destination.ts';
export type { Failure, RateLimit, Result } from './result.ts';
