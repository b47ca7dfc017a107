import { type Fields, isFields, textOf, textsOf, timeOf } from '../../alerts/fields.ts';
import type { Link, Reading, Refusal, SourceAlert } from '../../alerts/source-alert.ts';
import { notUnderstood } from '../refusals.ts';

const maxAlerts = 100;

/** Reads an alert in plain JSON, or a list of up to a hundred. Throws a Problem for another body. */
export function readPlain(body: unknown): Reading {
  const list = Array.isArray(body) ? body : [body];
  if (list.length === 0 || list.length > maxAlerts) {
    throw notUnderstood(
      'body',
      `the body has ${list.length} alerts`,
      `Send one alert, or a list of 1 to ${maxAlerts}.`,
    );
  }
  const alerts: SourceAlert[] = [];
  const refused: Refusal[] = [];
  for (const [index, each] of list.entries()) {
    const reason = complaintOf(each);
    if (reason === undefined) alerts.push(alertOf(each as Fields));
    else refused.push({ place: Array.isArray(body) ? String(index) : 'body', reason, request: each });
  }
  const [first] = refused;
  // A single alert that cannot be read is the whole request.
  if (first && alerts.length === 0)
    throw notUnderstood(first.place, first.reason, 'See docs/how-to/alerts-from-programs.md.');
  return { alerts, refused };
}

function complaintOf(alert: unknown): string | undefined {
  if (!isFields(alert)) return 'the alert is not an object';
  if (textOf(alert, 'key') === undefined)
    return 'key is missing: the name of what alerts, the same until it has recovered';
  if (alert.status !== 'firing' && alert.status !== 'resolved') return 'status is neither firing nor resolved';
  if (alert.status === 'firing' && textOf(alert, 'title') === undefined)
    return 'title is missing: a line that says what is wrong';
  for (const name of ['startsAt', 'endsAt']) {
    if (alert[name] !== undefined && !timeOf(alert[name])) return `${name} is not a time such as 2026-11-26T12:00:00Z`;
  }
  return undefined;
}

function alertOf(alert: Fields): SourceAlert {
  const key = textOf(alert, 'key') ?? '';
  const title = textOf(alert, 'title') ?? key;
  const facts = Object.entries(textsOf(alert.details)).map(([name, value]) => `${name}=${value}`);
  const { oncall } = alert;
  return {
    identity: key,
    name: title,
    firing: alert.status === 'firing',
    startsAt: timeOf(alert.startsAt),
    endsAt: timeOf(alert.endsAt),
    title,
    texts: [textOf(alert, 'message') ?? title],
    facts,
    oncall: Array.isArray(oncall) ? oncall.map(String) : [textOf(alert, 'oncall') ?? ''],
    priority: textOf(alert, 'priority'),
    severity: textOf(alert, 'severity'),
    tags: Array.isArray(alert.tags) ? alert.tags.map(String) : [],
    links: (Array.isArray(alert.links) ? alert.links : []).filter(isFields).map(linkOf),
  };
}

const linkOf = (link: Fields): Link => ({ title: textOf(link, 'title') ?? 'Link', url: textOf(link, 'url') ?? '' });
