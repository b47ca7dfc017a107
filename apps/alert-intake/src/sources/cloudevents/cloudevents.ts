import type { IncomingHttpHeaders } from 'node:http';
import { type Alert, Alerts, type Event } from '@pagebridge/contracts';
import { Problem, serviceProblems } from '@pagebridge/service';
import { isFields } from '../../alerts/fields.ts';
import { intakeProblems as problems } from '../../problems.ts';
import { notUnderstood } from '../refusals.ts';

const maxEvents = 100;
const attributes = ['specversion', 'type', 'source', 'id', 'time'];

/**
 * Reads the events of a request in structured, batched or binary mode (HTTP binding of CloudEvents 1.0, section 3); they pass unchanged,
 * but for a source org that is left out. Throws a Problem if any of them is no alert of this source org: nothing is published then.
 */
export function readCloudEvents(headers: IncomingHttpHeaders, body: unknown, sourceOrg: string): Event<Alert>[] {
  return eventsIn(headers, body).map((event, index) => read(event, sourceOrg, index));
}

function eventsIn(headers: IncomingHttpHeaders, body: unknown): readonly unknown[] {
  const type = headers['content-type'] ?? '';
  // First, because its name begins with that of the structured mode.
  if (/^application\/cloudevents-batch\+json/i.test(type)) return batchOf(body);
  if (/^application\/cloudevents\+json/i.test(type)) return [body];
  if (headers['ce-specversion'] !== undefined) return [binary(headers, body)];
  const detail = `This route takes CloudEvents, not ${type || 'a body without content-type'}: send application/cloudevents+json, a batch as application/cloudevents-batch+json, or ce-* headers.`;
  throw new Problem({ ...serviceProblems['unsupported-media-type'], detail });
}

function batchOf(body: unknown): readonly unknown[] {
  if (!Array.isArray(body)) throw notUnderstood('body', 'the body is not a list', 'Send a batch as a list of events.');
  if (body.length <= maxEvents) return body;
  throw notUnderstood('body', `the batch has ${body.length} events`, `Send at most ${maxEvents} in a request.`);
}

function binary(headers: IncomingHttpHeaders, data: unknown): unknown {
  if (headers['ce-datacontenttype'] !== undefined) {
    throw notUnderstood(
      'ce-datacontenttype',
      'ce-datacontenttype is not allowed in binary mode',
      'Send it as content-type.',
    );
  }
  const given = attributes.flatMap((name) => {
    const value = headers[`ce-${name}`];
    return typeof value === 'string' ? [[name, decoded(name, value)] as const] : [];
  });
  return { ...Object.fromEntries(given), data };
}

// The value may be in quotes, and is percent-encoded once.
function decoded(name: string, value: string): string {
  const unquoted = /^".*"$/s.test(value) ? value.slice(1, -1).replaceAll(/\\(.)/gs, '$1') : value;
  try {
    return decodeURIComponent(unquoted);
  } catch {
    throw notUnderstood(`ce-${name}`, `ce-${name} is not percent-encoded UTF-8`, 'Encode it as the HTTP binding says.');
  }
}

function read(event: unknown, sourceOrg: string, index: number): Event<Alert> {
  const whole = isFields(event) && isFields(event.data) ? { ...event, data: { sourceOrg, ...event.data } } : event;
  const result = Alerts.decode({ value: JSON.stringify(whole ?? null), headers: {} });
  if (!result.ok) {
    throw notUnderstood(
      `events.${index}`,
      `event ${index}: ${result.detail}`,
      'See docs/how-to/alerts-as-cloudevents.md.',
    );
  }
  if (result.event.source.startsWith('/intake/')) {
    const cure = 'Name the system that sends.';
    throw notUnderstood(
      `events.${index}.source`,
      `event ${index}: sources under /intake/ are those of integrations`,
      cure,
    );
  }
  if (result.event.data.sourceOrg === sourceOrg) return result.event;
  const detail = `Event ${index} names the source org ${result.event.data.sourceOrg}, but the token is of ${sourceOrg}. Leave sourceOrg out.`;
  throw new Problem({ ...problems['foreign-source-org'], detail });
}
