import { hashOf } from '../../alerts/alert-of.ts';
import { entriesOf, type Fields, isFields, textOf, timeOf } from '../../alerts/fields.ts';
import { linksIn, linksOf } from '../../alerts/links.ts';
import type { Complaint, Reading, SourceAlert } from '../../alerts/source-alert.ts';
import { plain } from '../../alerts/text.ts';

/** An event of PagerDuty's Events API v2. Its answer names its key. */
export interface EventV2 extends Reading {
  readonly dedupKey: string;
}

const cure = 'Send one event of the Events API v2.';
// Nothing can resolve an alert without a key, so the same body is the same alert only while its client may repeat it.
const retriesMs = 10 * 60_000;
const facts = ['source', 'component', 'group', 'class'];

/** Reads an event of the Events API v2: an alert, but for an acknowledgement, which pages nobody. */
export function readEventV2(body: unknown): EventV2 | Complaint {
  if (!isFields(body)) {
    return { field: 'body', message: 'the body is not an object', cure };
  }
  const { event_action: action, payload } = body;
  if (action !== 'trigger' && action !== 'acknowledge' && action !== 'resolve') {
    const message = 'event_action is not trigger, acknowledge or resolve';
    return { field: 'event_action', message, cure: 'Use one of these actions; change events are not accepted.' };
  }
  const isTrigger = action === 'trigger';
  if (isTrigger && (!isFields(payload) || textOf(payload, 'summary') === undefined)) {
    const message = 'payload.summary is missing';
    return { field: 'payload.summary', message, cure: 'Describe the problem in one line.' };
  }
  const key = textOf(body, 'dedup_key');
  if (!isTrigger && key === undefined) {
    return { field: 'dedup_key', message: 'dedup_key is missing', cure: 'Use the dedup_key of the trigger event.' };
  }
  // A body without a key is an alert of its own.
  const dedupKey = key ?? hashOf(JSON.stringify({ ...body, routing_key: undefined }));
  return {
    dedupKey,
    members: action === 'acknowledge' ? [] : [body],
    read: () => alertOf(body, dedupKey),
    requestOf: ([event]) => event,
    cure,
  };
}

function alertOf(body: Fields, identity: string): SourceAlert {
  const payload = isFields(body.payload) ? body.payload : {};
  const details = isFields(payload.custom_details) ? payload.custom_details : {};
  const summary = textOf(payload, 'summary') ?? '';
  const known = [...facts.map((name) => [name, textOf(payload, name)]), ['client', textOf(body, 'client')]].flatMap(
    ([name, value]) => (value === undefined ? [] : [[name, value] as const]),
  );
  const about = entriesOf(details).filter(([name]) => name !== 'oncall' && name !== 'recipients');
  return {
    identity,
    name: summary,
    says: { state: body.event_action === 'trigger' ? 'triggered' : 'resolved', at: timeOf(payload.timestamp) },
    ...(textOf(body, 'dedup_key') === undefined ? { repeatMs: retriesMs } : {}),
    title: summary,
    texts: [summary],
    facts: [...about, ...known].map(([name, value]) => `${name}=${plain(value)}`),
    oncall: [textOf(details, 'oncall') ?? plain(details.recipients ?? '')],
    priority: undefined,
    severity: textOf(payload, 'severity'),
    tags: known.map(([name, value]) => `${name}:${value}`),
    links: [
      ...linksIn(body.links, 'href', 'text'),
      ...linksOf([{ title: textOf(body, 'client') ?? 'Source', url: textOf(body, 'client_url') ?? '' }]),
      ...linksIn(body.images, 'src', 'alt'),
    ],
  };
}
