import type { OrgSettings } from './org-settings.ts';
import type { RateLimitChange } from './rate-limits.ts';

/** A team to start with; on call unless it says otherwise. */
export interface TeamConfig {
  readonly handle: string;
  readonly name?: string;
  readonly id?: string;
  readonly onCall?: boolean;
}

/**
 * A destination org to start; port 0 lets the system choose, a key left out is generated.
 *
 * The counts make what is too much to name: on-call teams `team-0001`, service accounts `service-0001` that may do all
 * they must, and application keys `key-0001`, dealt out to these accounts one after the other.
 */
export interface OrgConfig {
  readonly org: string;
  readonly dataCenter: string;
  readonly apiPort: number;
  readonly pagingPort: number;
  readonly teams: readonly TeamConfig[];
  readonly teamCount?: number;
  readonly serviceAccountCount?: number;
  readonly applicationKeyCount?: number;
  readonly apiKey?: string;
  readonly applicationKey?: string;
  readonly settings?: Partial<OrgSettings>;
  readonly rateLimits?: RateLimitChange;
}
