import type { Connection } from '@pagebridge/contracts';
import type { GiveUpReason } from './transitions.ts';

/** Why a page is given up without a call; `detail`: a sentence for the operator. */
export interface GivenUp {
  readonly reason: GiveUpReason;
  readonly detail: string;
}

/** Returns why no page of an org can be created over its connection; undefined if one can. */
export function whyUnusable(sourceOrg: string, connection: Connection | undefined): GivenUp | undefined {
  if (!connection) return { reason: 'connection-unknown', detail: 'The connection does not exist, or was deleted.' };
  if (connection.sourceOrg !== sourceOrg)
    return { reason: 'connection-foreign', detail: 'The connection belongs to another source org.' };
  if (connection.enabled) return undefined;
  const deleting = 'The connection is being deleted. Page the team over another connection.';
  const disabled = 'The connection is disabled. Enable it to page the team.';
  return { reason: 'connection-disabled', detail: connection.deleting ? deleting : disabled };
}
