import type { Key } from '../api/query-key.ts';
import type { News } from './stream-leader.ts';

/** Returns whether news may change what a query of the history has read: of a trace only those of its own alert, or of a connection. */
export function isAbout(news: readonly News[], [, what, org]: Key, data: unknown): boolean {
  const its = news.filter((one) => one.org === org && !('isLive' in one));
  if (what !== 'trace') return its.length > 0;
  const { alertKey } = (data ?? {}) as { readonly alertKey?: string };
  return its.some((one) => !('alertKey' in one) || one.alertKey === alertKey);
}
