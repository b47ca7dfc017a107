import { mentionsIn } from './handle.ts';

const recipient = /^@?(oncall-.*)$/is;

/**
 * Returns the distinct texts after `@oncall-` in an alert, first those of its message, then those of its recipients.
 *
 * A recipient is a mention with or without `@`. Other recipients, such as `slack-ops` or an e-mail address, are ignored,
 * because notification rules list recipients of every kind. Takes linear time for any input.
 */
export function mentionsOf(alert: { readonly message: string; readonly recipients?: readonly string[] }): string[] {
  const mentions = mentionsIn(alert.message);
  if (!alert.recipients || alert.recipients.length === 0) return mentions;
  return [...new Set([...mentions, ...alert.recipients.flatMap(mentionOfRecipient)])];
}

function mentionOfRecipient(text: string): string[] {
  const [, handle] = recipient.exec(text.trim()) ?? [];
  return handle ? mentionsIn(`@${handle}`).slice(0, 1) : [];
}
