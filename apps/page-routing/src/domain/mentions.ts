import type { Alert } from '@pagebridge/contracts';
import { mentionsIn } from '@pagebridge/vocabulary';

/** More distinct handles than this in one alert are taken for an accident: nobody means to wake a hundred teams. */
export const maxHandles = 100;

const recipient = /^@?(oncall-.*)$/is;

/**
 * The distinct texts after `@oncall-` in an alert, of its message first, then of its recipients.
 *
 * A recipient counts as a mention with or without `@`. What is not for On-Call, as `slack-ops` or an e-mail address, is
 * none: notification rules carry their recipients of every kind. Linear for any input.
 */
export function mentionsOf(alert: Alert): string[] {
  const mentions = mentionsIn(alert.message);
  if (!alert.recipients || alert.recipients.length === 0) return mentions;
  return [...new Set([...mentions, ...alert.recipients.flatMap(mentionOfRecipient)])];
}

function mentionOfRecipient(text: string): string[] {
  const [, handle] = recipient.exec(text.trim()) ?? [];
  return handle ? mentionsIn(`@${handle}`).slice(0, 1) : [];
}
