import { useQuery } from '@tanstack/react-query';
import type { components } from '../api/generated/page-history.d.ts';
import { useMay } from '../session/me.ts';
import { sessionQuery } from '../session/session.ts';

type Schemas = components['schemas'];
/** Which part of the past an answer is about. */
export type Extent = Pick<Schemas['AlertList'], 'keptSince' | 'asOf' | 'lag'>;

/** How often the history is read while no event comes: each answer says how far behind it is. */
export const historyEveryMs = 15_000;

/** Returns whether the installation has a history; undefined while that is not known. */
export function useHasHistory(): boolean | undefined {
  const { data: session } = useQuery(sessionQuery);
  return session?.services.includes('page-history');
}

/** Returns whether the person may read the history of an org, and there is one. */
export function useHistory(org: string): boolean {
  const has = useHasHistory();
  const may = useMay(org, 'history:read');
  return has === true && may === true;
}
