import type { OrgSettings } from './org-settings.ts';
import type { RateLimitChange } from './rate-limits.ts';

/** An initial team; on call by default. */
export interface TeamConfig {
  readonly handle: string;
  readonly name?: string;
  readonly id?: string;
  readonly onCall?: boolean;
}

/**
 * The configuration of a destination org. Port 0 selects a free port; an omitted key is generated.
 *
 * The counts add on-call teams `team-0001`, service accounts `service-0001` with every required permission, and application
 * keys `key-0001`, assigned to these accounts in turn.
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
