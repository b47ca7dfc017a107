import type { IncomingHttpHeaders } from 'node:http';
import { type Alert, Alerts, type Event } from '@pagebridge/contracts';
import { isFields } from '../../alerts/fields.ts';
import type { Complaint } from '../../alerts/source-alert.ts';

const maxEvents = 100;
const attributes = ['specversion', 'type', 'source', 'id', 'time'];

/** The events of a request, each of which is read when its turn comes. */
export interface Events {
  readonly members: readonly unknown[];
  readonly read: (member: unknown, index: number) => Event<Alert> | Complaint;
}

/**
 * Reads the events of a request in structured, batched or binary mode (HTTP binding of CloudEvents 1.0, section 3); they pass unchanged,
 * but for a source org that is left out. If any of them is no alert of this source org, nothing is published.
 */
export function readCloudEvents(headers: IncomingHttpHeaders, body: unknown, sourceOrg: string): Events | Complaint {
  const members = eventsIn(headers, body);
  return 'field' in members ? members : { members, read: (member, index) => read(member, sourceOrg, index) };
}

function eventsIn(headers: IncomingHttpHeaders, body: unknown): readonly unknown[] | Complaint {
  const type = headers['content-type'] ?? '';
  // First, because its name begins with that of the structured mode.
  if (/^application\/cloudevents-batch\+json/i.test(type)) return batchOf(body);
  if (/^application\/cloudevents\+json/i.test(type)) return [body];
  if (headers['ce-specversion'] !== undefined) return binary(headers, body);
  const message = `this route accepts CloudEvents, not ${type || 'a body without content-type'}`;
  const cure = 'Send application/cloudevents+json, a batch as application/cloudevents-batch+json, or ce-* headers.';
  return { field: 'content-type', message, cure, problem: 'unsupported-media-type' };
}

function batchOf(body: unknown): readonly unknown[] | Complaint {
  if (!Array.isArray(body)) {
    return { field: 'body', message: 'the body is not a list', cure: 'Send a batch as a list of events.' };
  }
  if (body.length <= maxEvents) return body;
  const message = `the batch has ${body.length} events`;
  return { field: 'body', message, cure: `Send at most ${maxEvents} in a request.` };
}

function binary(headers: IncomingHttpHeaders, data: unknown): readonly unknown[] | Complaint {
  if (headers['ce-datacontenttype'] !== undefined) {
    const message = 'ce-datacontenttype is not allowed in binary mode';
    return { field: 'ce-datacontenttype', message, cure: 'Send the content type as content-type.' };
  }
  const event: Record<string, unknown> = { data };
  for (const name of attributes) {
    const value = headers[`ce-${name}`];
    if (typeof value !== 'string') continue;
    const text = decoded(value);
    if (text === undefined) {
      const message = `ce-${name} is not percent-encoded UTF-8`;
      return { field: `ce-${name}`, message, cure: 'Percent-encode the value as in the CloudEvents HTTP binding.' };
    }
    event[name] = text;
  }
  return [event];
}

// The value may be in quotes, and is percent-encoded once.
function decoded(value: string): string | undefined {
  const unquoted = /^".*"$/s.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    return undefined;
  }
}

function read(event: unknown, sourceOrg: string, index: number): Event<Alert> | Complaint {
  const field = `events.${index}`;
  const whole = isFields(event) && isFields(event.data) ? { ...event, data: { sourceOrg, ...event.data } } : event;
  const result = Alerts.decode({ value: JSON.stringify(whole ?? null), headers: {} });
  if (!result.ok) {
    const cure = 'See docs/how-to/alerts-as-cloudevents.md.';
    return { field, message: `event ${index}: ${result.detail}`, cure };
  }
  const { source, data } = result.event;
  if (source.startsWith('/intake/')) {
    const message = `event ${index}: sources under /intake/ are reserved for integrations`;
    return { field: `${field}.source`, message, cure: 'Use a source that names the sending system.' };
  }
  if (data.sourceOrg === sourceOrg) return result.event;
  const message = `event ${index} names the source org ${data.sourceOrg}, but the token belongs to ${sourceOrg}`;
  return { field: `${field}.data.sourceOrg`, message, cure: 'Omit sourceOrg.', problem: 'foreign-source-org' };
}
