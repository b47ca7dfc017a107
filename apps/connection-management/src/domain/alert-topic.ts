import type { AlertTopicUse } from '@pagebridge/vocabulary';
import type { SourceOrgSettings } from './source-org-settings.ts';

/** When the topic may be changed so; undefined: both topics must be read first. */
export type AlertTopicTurn = { readonly at: Date } | undefined;

/**
 * From when on the alerts of an org may be read so.
 *
 * Whoever ends the reading of a topic leaves unread what is in flight there: between one topic and the other both are read
 * for a while.
 */
export function turnOf(
  { alertTopic, alertTopicSince }: Pick<SourceOrgSettings, 'alertTopic' | 'alertTopicSince'>,
  wish: AlertTopicUse,
  drainMs: number,
): AlertTopicTurn {
  const since = alertTopicSince?.getTime() ?? 0;
  if (wish === alertTopic || wish === 'both') return { at: new Date(0) };
  return alertTopic === 'both' ? { at: new Date(since + drainMs) } : undefined;
}
