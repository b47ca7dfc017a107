import { hashOf } from '../../alerts/alert-of.ts';
import { type Fields, isFields, textOf, timeOf } from '../../alerts/fields.ts';
import type { Link, SourceAlert } from '../../alerts/source-alert.ts';
import { plain } from '../../alerts/text.ts';
import { notUnderstood } from '../refusals.ts';

/** An event of PagerDuty's Events API v2: its key, and its alert unless it is an acknowledgement, which pages nobody. */
export interface EventV2 {
  readonly dedupKey: string;
  readonly alert: SourceAlert | undefined;
}

/** Returns the key of an event, which is the token of an integration. */
export const routingKeyOf = (body: unknown): string | undefined =>
  isFields(body) ? textOf(body, 'routing_key') : undefined;

const facts = ['source', 'component', 'group', 'class'];

/** Reads an event of the Events API v2. Throws a Problem for another body. */
export function readEventV2(body: unknown): EventV2 {
  if (!isFields(body)) throw notUnderstood('body', 'the body is not an object', 'Send one event of the Events API v2.');
  const { event_action: action } = body;
  const key = textOf(body, 'dedup_key');
  if (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve') {
    throw notUnderstood(
      'event_action',
      'event_action is none of trigger, acknowledge, resolve',
      'Name one of them; change events are not taken.',
    );
  }
  if (action !== 'trigger') {
    if (key === undefined)
      throw notUnderstood('dedup_key', 'dedup_key is missing', 'Give the dedup_key of the trigger.');
    return { dedupKey: key, alert: action === 'resolve' ? alertOf(body, key) : undefined };
  }
  const { payload } = body;
  if (!isFields(payload) || textOf(payload, 'summary') === undefined) {
    throw notUnderstood('payload.summary', 'payload.summary is missing', 'Say in a line what is wrong.');
  }
  // A body without a key is an alert of its own; the same body again is the same alert.
  const dedupKey = key ?? hashOf(JSON.stringify({ ...body, routing_key: undefined }));
  return { dedupKey, alert: alertOf(body, dedupKey) };
}

function alertOf(body: Fields, identity: string): SourceAlert {
  const payload = isFields(body.payload) ? body.payload : {};
  const details = isFields(payload.custom_details) ? payload.custom_details : {};
  const summary = textOf(payload, 'summary') ?? '';
  const known = [...facts.map((name) => [name, textOf(payload, name)]), ['client', textOf(body, 'client')]].flatMap(
    ([name, value]) => (value === undefined ? [] : [[name, value] as const]),
  );
  const about = Object.entries(details).filter(([name]) => name !== 'oncall' && name !== 'recipients');
  return {
    identity,
    name: summary,
    firing: body.event_action === 'trigger',
    startsAt: timeOf(payload.timestamp),
    endsAt: undefined,
    title: summary,
    texts: [summary],
    facts: [...about.slice(0, 100), ...known].map(([name, value]) => `${name}=${plain(value)}`),
    oncall: [textOf(details, 'oncall') ?? plain(details.recipients ?? '')],
    priority: undefined,
    severity: textOf(payload, 'severity'),
    tags: known.map(([name, value]) => `${name}:${value}`),
    links: [
      ...linksIn(body.links, 'href', 'text'),
      { title: textOf(body, 'client') ?? 'Source', url: textOf(body, 'client_url') ?? '' },
      ...linksIn(body.images, 'src', 'alt'),
    ],
  };
}

const linksIn = (list: unknown, url: string, title: string): Link[] =>
  (Array.isArray(list) ? list : [])
    .filter(isFields)
    .map((each) => ({ title: textOf(each, title) ?? 'Link', url: textOf(each, url) ?? '' }));
