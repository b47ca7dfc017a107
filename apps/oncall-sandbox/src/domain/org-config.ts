import type { NeverOnboardedAnswer } from './org.ts';

/** A team to start with; on call unless it says otherwise. */
export interface TeamConfig {
  readonly handle: string;
  readonly name?: string;
  readonly id?: string;
  readonly onCall?: boolean;
}

/** A destination org to start; port 0 lets the system choose, a key left out is generated. */
export interface OrgConfig {
  readonly org: string;
  readonly dataCenter: string;
  readonly apiPort: number;
  readonly pagingPort: number;
  readonly teams: readonly TeamConfig[];
  readonly apiKey?: string;
  readonly applicationKey?: string;
  readonly neverOnboarded?: NeverOnboardedAnswer;
}
