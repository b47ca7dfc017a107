import type { Failure } from '@pagebridge/destination';
import type { PermissionName } from '@pagebridge/vocabulary';

/** Why a connection cannot look at its directory. */
export interface Fault {
  /**
   * `seal`: the keys cannot be opened. `keys`: they are refused. `list` and `rules`: they may not read these. `unknown`: a
   * former owner of the directory knew.
   */
  readonly of: 'seal' | 'keys' | 'list' | 'rules' | 'unknown';
  readonly detail: string;
  readonly missingPermission?: PermissionName;
  /** Of `rules`: a team whose rules were forbidden, to be tried again. */
  readonly teamId?: string;
}

export const refusedBefore: Fault = {
  of: 'unknown',
  detail: 'The destination refused the keys when they were last tried.',
};

export const keysRefused = ({ detail }: Failure): Fault => ({
  of: 'keys',
  detail: `${detail}. The destination does not accept the keys: were they revoked? Give the connection new ones.`,
});

export const listForbidden = ({ detail }: Failure): Fault => ({
  of: 'list',
  missingPermission: 'teams_read',
  detail: `${detail}. Give the service account a role that holds teams_read, and see that its application key is unscoped.`,
});

export const rulesForbidden = (teams: number, teamId: string): Fault => ({
  of: 'rules',
  teamId,
  missingPermission: 'on_call_read',
  detail:
    `The destination forbids reading the routing rules of all ${teams} teams. Give the service account a role that ` +
    'holds on_call_read, and see that its application key is unscoped.',
});
