import type { Failure } from '@pagebridge/destination';
import { cureOfCredential, cureOfPermission, type PermissionName } from '@pagebridge/vocabulary';

/** The reason why a connection cannot read its directory. */
export interface Fault {
  /**
   * `seal`: the sealed keys cannot be opened. `keys`: the destination refuses the keys. `list` and `rules`: the keys
   * lack the permission to read these. `unknown`: a former owner of the directory found the fault.
   */
  readonly of: 'seal' | 'keys' | 'list' | 'rules' | 'unknown';
  readonly detail: string;
  readonly missingPermission?: PermissionName;
  /** For `rules`: a team whose rules were forbidden, with which the fault is checked again. */
  readonly teamId?: string;
}

const withoutScopes = 'Use an application key without scopes.';

export const refusedBefore: Fault = {
  of: 'unknown',
  detail: 'The destination rejected the keys at the last attempt.',
};

export const keysRefused = ({ detail }: Failure): Fault => ({
  of: 'keys',
  detail: `${detail}. The destination rejects the keys; they may be revoked. ${cureOfCredential({})}`,
});

export const listForbidden = ({ detail }: Failure): Fault => ({
  of: 'list',
  missingPermission: 'teams_read',
  detail: `${detail}. ${cureOfPermission('teams_read')} ${withoutScopes}`,
});

export const rulesForbidden = (teams: number, teamId: string): Fault => ({
  of: 'rules',
  teamId,
  missingPermission: 'on_call_read',
  detail:
    `The destination denies access to the routing rules of all ${teams} teams. ${cureOfPermission('on_call_read')} ` +
    withoutScopes,
});
