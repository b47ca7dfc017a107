import { type Fields, isFields, textOf, textsIn, textsOf, timeOf } from '../../alerts/fields.ts';
import { linksIn } from '../../alerts/links.ts';
import type { Complaint, Reading, SourceAlert } from '../../alerts/source-alert.ts';

const maxAlerts = 100;

/** Reads an alert in plain JSON, or a list of up to a hundred. */
export function readPlain(body: unknown): Reading | Complaint {
  const isList = Array.isArray(body);
  const members: readonly unknown[] = isList ? body : [body];
  if (members.length === 0 || members.length > maxAlerts) {
    const message = `the body has ${members.length} alerts`;
    return { field: 'body', message, cure: `Send one alert, or a list of 1 to ${maxAlerts}.` };
  }
  return {
    members,
    read: (each, index) => {
      const alert = alertIn(each);
      return typeof alert === 'string'
        ? { place: isList ? String(index) : 'body', reason: alert, members: [each] }
        : alert;
    },
    requestOf: (alerts) => (alerts.length === 1 ? alerts[0] : alerts),
    cure: 'See docs/how-to/alerts-from-programs.md.',
  };
}

/** Returns what is wrong with an alert as a text. */
function alertIn(alert: unknown): SourceAlert | string {
  if (!isFields(alert)) return 'the alert is not an object';
  const key = textOf(alert, 'key');
  if (key === undefined) return 'key is missing: it identifies the alert until the alert recovers';
  if (alert.status !== 'firing' && alert.status !== 'resolved') return 'status is neither firing nor resolved';
  if (alert.status === 'firing' && textOf(alert, 'title') === undefined)
    return 'title is missing: it describes the problem in one line';
  for (const name of ['startsAt', 'endsAt']) {
    if (alert[name] !== undefined && timeOf(alert[name]) === undefined)
      return `${name} is not a time such as 2026-11-26T12:00:00Z`;
  }
  return alertOf(alert, key);
}

function alertOf(alert: Fields, key: string): SourceAlert {
  const title = textOf(alert, 'title') ?? key;
  return {
    identity: key,
    name: title,
    says:
      alert.status === 'firing'
        ? { state: 'firing', at: timeOf(alert.startsAt) }
        : { state: 'resolved', at: timeOf(alert.endsAt) },
    title,
    texts: [textOf(alert, 'message') ?? '', title],
    facts: Object.entries(textsOf(alert.details)).map(([name, value]) => `${name}=${value}`),
    oncall: textsIn(alert.oncall),
    priority: textOf(alert, 'priority'),
    severity: textOf(alert, 'severity'),
    tags: textsIn(alert.tags),
    links: linksIn(alert.links, 'url', 'title'),
  };
}
