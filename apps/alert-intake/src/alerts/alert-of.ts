import { createHash } from 'node:crypto';
import type { Alert, Integration } from '@pagebridge/contracts';
import { alertKeyPattern, mentionsIn, type Priority, priorities } from '@pagebridge/vocabulary';
import type { Link, SourceAlert } from './source-alert.ts';
import { cut, lineOf, mentionsBeyond, recipientsIn, withoutMentions } from './text.ts';

/** An alert within the bounds of its contract, before it is known which event it makes. */
export type AlertCard = Omit<Alert, 'transition' | 'occurredAt'>;

const most = {
  title: 1024,
  message: 262_144,
  recipients: 100,
  recipient: 260,
  tags: 256,
  tag: 256,
  links: 32,
  linkTitle: 256,
  url: 2048,
};
// Below what page-routing reads, with room for all other fields.
const maxMessageBytes = 400_000;

/** Returns an alert within the bounds of its contract: what breaks one is cut, dropped or hashed; its handles are kept. */
export function alertOf(alert: SourceAlert, integration: Integration): AlertCard {
  const written = alert.texts.filter((text) => text.trim() !== '').join('\n\n');
  const facts = alert.facts.map(withoutMentions).join('\n');
  const whole = [written, facts]
    .filter((part) => part !== '')
    .join('\n\n')
    .toWellFormed();
  const message = withinBytes(cut(whole, most.message));
  const named = [...mentionsBeyond(whole, message), ...alert.oncall.flatMap(recipientsIn)];
  const recipients = named.length > 0 || mentionsIn(message).length > 0 ? named : defaultOf(alert, integration);
  const priority = priorityOf(alert, integration);
  const tags = unique(alert.tags.map((tag) => lineOf(tag, most.tag)).filter((tag) => tag !== '')).sort();
  const links = alert.links.flatMap(linkOf);
  const kept = unique(recipients.map((recipient) => lineOf(recipient, most.recipient)));
  return {
    sourceOrg: integration.sourceOrg,
    alertKey: keyOf(integration.name, alert.identity),
    origin: alert.origin ?? 'monitor',
    title: lineOf(alert.title, most.title) || lineOf(alert.name, most.title) || 'Alert',
    message,
    ...(priority ? { priority } : {}),
    ...(tags.length > 0 ? { tags: tags.slice(0, most.tags) } : {}),
    ...(links.length > 0 ? { links: links.slice(0, most.links) } : {}),
    ...(kept.length > 0 ? { recipients: kept.slice(0, most.recipients) } : {}),
  };
}

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

/** Returns what changes when the text of an alert or its handles change. */
export const digestOf = ({ title, message, recipients = [], priority }: AlertCard): string =>
  hashOf(JSON.stringify([title, message, recipients, priority])).slice(0, 16);

export const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');

function withinBytes(text: string): string {
  if (Buffer.byteLength(JSON.stringify(text)) <= maxMessageBytes) return text;
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
  const explicit = priorities.find((each) => each === priority?.trim().toUpperCase());
  if (explicit) return explicit;
  const named = severity?.trim().toLowerCase() ?? '';
  const own = severities.find((each) => each.severity === named);
  return own?.priority ?? (Object.hasOwn(usual, named) ? usual[named] : undefined);
}

/** Returns a link as its contract takes it: absolute, of http, and with escapes for what RFC 3986 does not let stand in a URL. */
function linkOf({ title, url }: Link): Link[] {
  if (!/^https?:\/\//.test(url) || !URL.canParse(url)) return [];
  const { origin, pathname, search, hash } = new URL(url);
  const fragment = hash === '' ? '' : `#${escaped(hash.slice(1)).replaceAll('#', '%23')}`;
  const href = origin + escaped(pathname + search) + fragment;
  return href.length <= most.url ? [{ title: lineOf(title, most.linkTitle) || 'Link', url: href }] : [];
}

const escaped = (part: string): string =>
  part
    .replaceAll(/%(?![0-9a-f]{2})/gi, '%25')
    .replaceAll(/[^\w\-.~:/?#@!$&'()*+,;=%]/g, (character) => encodeURIComponent(character));

const unique = (values: readonly string[]): string[] => [...new Set(values)];
