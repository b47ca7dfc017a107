import type { AlertTopicUse } from '@pagebridge/vocabulary';
import type { SourceOrgSettings } from './source-org-settings.ts';

/** When the topic may be changed; undefined if both topics must be read first. */
export type AlertTopicTurn = { readonly at: Date } | undefined;

/**
 * Returns from when on the alerts of an org may be read from another topic.
 *
 * Alerts in flight on a topic are lost if nobody reads it any more. So both topics are read for a while before one is dropped.
 */
export function turnOf(
  { alertTopic, alertTopicSince }: Pick<SourceOrgSettings, 'alertTopic' | 'alertTopicSince'>,
  wanted: AlertTopicUse,
  drainMs: number,
): AlertTopicTurn {
  const since = alertTopicSince?.getTime() ?? 0;
  if (wanted === alertTopic || wanted === 'both') return { at: new Date(0) };
  return alertTopic === 'both' ? { at: new Date(since + drainMs) } : undefined;
}
