import { hash } from 'node:crypto';
import type { Alert, Integration } from '@pagebridge/contracts';
import { alertKeyPattern, mentionsIn, mentionsOf, type Priority, priorities } from '@pagebridge/vocabulary';
import type { SourceAlert } from './source-alert.ts';
import { cut, joined, lineOf, mentionsBeyond, recipientsIn, untilMention, withoutMentions } from './text.ts';

/** An alert within the bounds of its contract, before it is known which event it makes. */
export type AlertCard = Omit<Alert, 'transition' | 'occurredAt'>;

const most = {
  title: 1024,
  message: 262_144,
  mentions: 256,
  recipients: 100,
  recipient: 260,
  tags: 256,
  tag: 256,
  links: 32,
  severity: 64,
};
// Handles that people wrote count as far as this, also where the message is cut.
const mostToSearch = 512 * 1024;
// Below what page-routing reads, with room for all other fields.
const maxMessageBytes = 400_000;

/**
 * Returns an alert within the bounds of its contract: what breaks one is cut, dropped or hashed; its handles are kept. What is beyond a
 * bound is cut before any work on it, since a request may be nothing but that.
 */
export function alertOf(alert: SourceAlert, integration: Integration): AlertCard {
  const texts = alert.texts.filter((text) => text.trim() !== '');
  const written = untilMention(joined(texts, '\n\n', mostToSearch).toWellFormed(), most.mentions);
  const facts = withoutMentions(joined(alert.facts, '\n', most.message)).toWellFormed();
  const whole = [written, facts].filter((part) => part !== '').join('\n\n');
  const message = withinBytes(cut(whole, most.message));
  const oncall = alert.oncall.slice(0, most.recipients).join(' ');
  const named = [...mentionsBeyond(written, message), ...recipientsIn(oncall)];
  const recipients = named.length > 0 || mentionsIn(message).length > 0 ? named : defaultOf(alert, integration);
  const priority = priorityOf(alert, integration);
  const tags = alert.tags.slice(0, most.tags).map((tag) => lineOf(tag, most.tag));
  const kept = unique(tags).filter((tag) => tag !== '');
  return {
    sourceOrg: integration.sourceOrg,
    alertKey: keyOf(integration.name, alert.identity),
    origin: alert.origin ?? 'monitor',
    title: lineOf(alert.title, most.title) || lineOf(alert.name, most.title) || 'Alert',
    message,
    ...(priority ? { priority } : {}),
    ...(kept.length > 0 ? { tags: kept.sort() } : {}),
    ...(alert.links.length > 0 ? { links: alert.links.slice(0, most.links) } : {}),
    ...(recipients.length > 0 ? { recipients: first(recipients) } : {}),
  };
}

const first = (recipients: readonly string[]): string[] =>
  unique(recipients)
    .slice(0, most.recipients)
    .map((recipient) => lineOf(recipient, most.recipient));

const keyForm = new RegExp(alertKeyPattern);
// Each instance has the keys of a million alerts in memory.
const maxKeyBytes = 160;

/** Returns the key of an alert, which responders read: `<integration>:<identity>`, or a hash of an identity that no key can hold. */
export function keyOf(integration: string, identity: string): string {
  const key = `${integration}:${identity}`;
  const isShort = Buffer.byteLength(key) <= maxKeyBytes;
  const isCarried = isShort && key.isWellFormed() && keyForm.test(key) && identity !== '';
  return isCarried ? key : `${integration}:sha256:${hashOf(identity)}`;
}

/** Returns what changes when an alert may page others or more urgently: its handles and its priority, not a value in its text. */
export const digestOf = (
  card: Pick<Alert, 'message' | 'recipients' | 'priority'>,
  handles: readonly string[] = mentionsOf(card),
): string => hashOf(JSON.stringify([handles, card.priority])).slice(0, 16);

export const hashOf = (text: string): string => hash('sha256', text);

function withinBytes(text: string): string {
  // A character takes at most six bytes.
  if (text.length * 6 <= maxMessageBytes || Buffer.byteLength(JSON.stringify(text)) <= maxMessageBytes) return text;
  return withinBytes(cut(text, Math.floor(text.length / 2)));
}

const defaultOf = ({ name }: SourceAlert, { defaultHandle, noDefaultFor }: Integration): string[] =>
  defaultHandle === undefined || noDefaultFor.includes(name) ? [] : recipientsIn(defaultHandle);

const usual: Readonly<Record<string, Priority>> = {
  critical: 'P1',
  fatal: 'P1',
  page: 'P1',
  emergency: 'P1',
  error: 'P2',
  high: 'P2',
  major: 'P2',
  medium: 'P3',
  warning: 'P4',
  low: 'P4',
  info: 'P5',
  none: 'P5',
};

function priorityOf({ priority, severity }: SourceAlert, { severities }: Integration): Priority | undefined {
  const wanted = lineOf(priority ?? '', most.severity).toUpperCase();
  const explicit = priorities.find((each) => each === wanted);
  if (explicit) return explicit;
  const named = lineOf(severity ?? '', most.severity).toLowerCase();
  const own = severities.find((each) => each.severity === named);
  return own?.priority ?? (Object.hasOwn(usual, named) ? usual[named] : undefined);
}

const unique = (values: readonly string[]): string[] => [...new Set(values)];
