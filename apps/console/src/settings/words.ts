import type { components } from '../api/generated/connection-management.d.ts';
import { sentencesOf } from '../api/problem.ts';
import { type AlertTopicUse, type Draft, inputOf } from './draft.ts';

type Warning = components['schemas']['WarningAnswer'];

/** Returns why a setting has no effect at present, as it stands beside its field. */
export function warningWords({ code, cure, ...its }: Warning): string {
  // The cures of these two speak of a request instead of a screen.
  const isForExplain = code === 'connection-unknown' || code === 'not-checked';
  return sentencesOf({ ...its, cure: isForExplain ? 'Use Explain to see what it pages.' : cure });
}

/** What is read now, and the next step to another topic. */
export const topicWords: Record<AlertTopicUse, string> = {
  shared: 'Only the shared topic is read. To move to its own topic, first read both topics for a while.',
  both: 'Both topics are read. You can switch to one topic after ten minutes (default), so that no alert in the other topic is lost.',
  own: 'Only its own topic is read. To move back to the shared topic, first read both topics for a while.',
};

/** The fields of settings in words. */
export function fieldWords(draft: Draft): Record<string, string> {
  const { localHandles, fallbackHandle, alertTopic = '' } = inputOf(draft);
  return {
    'local handles': localHandles.join(', ') || 'none',
    'fallback handle': fallbackHandle ?? 'none',
    'alert topic': alertTopic,
  };
}
