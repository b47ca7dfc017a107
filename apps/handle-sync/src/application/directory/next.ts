import type { Asker } from './look.ts';

/**
 * When the teams are listed again: as planned; `later`, because the destination fails; or `now`, with another
 * credential, for the requests that have no answer yet.
 */
export type Next =
  | { readonly due: 'as-planned' | 'later' }
  | { readonly due: 'now'; readonly askers: ReadonlySet<Asker> | undefined };

export const asPlanned: Next = { due: 'as-planned' };
export const later: Next = { due: 'later' };
