import type { Requester } from './sync-run.ts';

/**
 * When the teams are listed again: as planned; `later`, because the destination fails; or `now`, with another
 * credential, for the requests that have no answer yet.
 */
export type NextList =
  | { readonly due: 'as-planned' | 'later' }
  | { readonly due: 'now'; readonly requesters: ReadonlySet<Requester> | undefined };

export const asPlanned: NextList = { due: 'as-planned' };
export const later: NextList = { due: 'later' };
