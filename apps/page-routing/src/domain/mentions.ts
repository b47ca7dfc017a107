import type { Alert } from '@pagebridge/contracts';
import { mentionsIn } from '@pagebridge/vocabulary';

/** More distinct handles than this in one alert are taken for an accident: nobody means to wake a hundred teams. */
export const maxHandles = 100;

const recipient = /^@?(oncall-)?(.*)$/is;
const teamHandleText = /^[a-z0-9._:/-]+$/i;

/**
 * The distinct texts after `@oncall-` in an alert, of its message first, then of its recipients.
 *
 * A recipient counts as a mention with or without `@`, with or without `oncall-`. What cannot be a handle, as an e-mail
 * address among the recipients, is none. Linear for any input.
 */
export function mentionsOf(alert: Alert): string[] {
  const mentions = mentionsIn(alert.message);
  if (!alert.recipients || alert.recipients.length === 0) return mentions;
  return [...new Set([...mentions, ...alert.recipients.flatMap(mentionOfRecipient)])];
}

function mentionOfRecipient(text: string): string[] {
  const [, prefix, name = ''] = recipient.exec(text.trim()) ?? [];
  if (prefix) return mentionsIn(`@oncall-${name}`).slice(0, 1);
  return teamHandleText.test(name) ? [name.toLowerCase()] : [];
}
