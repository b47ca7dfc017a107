import { type Fields, isFields, textOf, textsOf, timeOf } from '../../alerts/fields.ts';
import type { Reading, Refusal, SourceAlert } from '../../alerts/source-alert.ts';
import { notUnderstood } from '../refusals.ts';

const maxMembers = 10_000;
// No source sends as many: what is beyond is kept together.
const maxRefused = 100;
const grouping = "Group by all labels, as in group_by: ['...'].";

/** What a member of a group has in common in Alertmanager and Grafana. */
export interface Member {
  readonly fields: Fields;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What identifies it: the fingerprint, or its labels where an old version sends none. */
  readonly identity: string;
  readonly firing: boolean;
}

/**
 * Reads a webhook of Alertmanager's form: a group of alerts, each of which counts by its own status, since the group fires as long as any
 * of them does. A member that cannot be read is refused alone. Throws a Problem for a body of another form.
 */
export function readGroup(
  body: unknown,
  cure: string,
  alertOf: (member: Member, group: Fields) => SourceAlert,
): Reading {
  if (!isFields(body) || !Array.isArray(body.alerts)) {
    throw notUnderstood('alerts', 'alerts is not a list: this is no webhook in its usual form', cure);
  }
  if (body.alerts.length > maxMembers) {
    throw notUnderstood(
      'alerts',
      `the group has ${body.alerts.length} alerts, at most ${maxMembers} are read`,
      grouping,
    );
  }
  const alerts: SourceAlert[] = [];
  const refused: Refusal[] = [];
  for (const [index, each] of body.alerts.entries()) {
    const member = memberOf(each);
    if (typeof member === 'string')
      refused.push({ place: `alerts.${index}`, reason: member, request: { alerts: [each] } });
    else alerts.push(alertOf(member, body));
  }
  if (alerts.length === 0 && refused.length > maxRefused) {
    // The body is of another form.
    throw notUnderstood('alerts', `${refused.length} alerts of the group cannot be read`, cure);
  }
  return { alerts, refused: [...refused.slice(0, maxRefused - 1), ...together(refused.slice(maxRefused - 1))] };
}

function together(refused: readonly Refusal[]): readonly Refusal[] {
  const [first] = refused;
  if (!first || refused.length === 1) return refused;
  const request = {
    alerts: refused.map((each) => (each.request as { readonly alerts: readonly unknown[] }).alerts[0]),
  };
  return [{ place: first.place, reason: `${first.reason}; and ${refused.length - 1} more cannot be read`, request }];
}

/** Returns what is wrong with a member as a text. */
function memberOf(fields: unknown): Member | string {
  if (!isFields(fields)) return 'is not an object';
  const { status } = fields;
  if (status !== 'firing' && status !== 'resolved') return 'status is neither firing nor resolved';
  const labels = textsOf(fields.labels);
  const identity = textOf(fields, 'fingerprint') ?? labelsOf(labels).join(',');
  if (identity === '') return 'has neither a fingerprint nor labels';
  return { fields, labels, annotations: textsOf(fields.annotations), identity, firing: status === 'firing' };
}

const labelsOf = (labels: Readonly<Record<string, string>>): string[] =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .sort();

// The annotations that stand first in the text of a page, in this order.
const first = ['description', 'message', 'summary'];

/** Returns the parts of an alert that are alike in Alertmanager and Grafana. */
export function commonParts({ fields, labels, annotations, identity, firing }: Member) {
  const { alertname = '', instance = '' } = labels;
  const others = Object.keys(annotations).filter(
    (name) => !first.includes(name) && !/_?url$/i.test(name) && name !== 'oncall',
  );
  const visible = Object.fromEntries(Object.entries(labels).filter(([name]) => !/^__.*__$/.test(name)));
  return {
    identity,
    name: alertname,
    firing,
    startsAt: timeOf(fields.startsAt),
    endsAt: firing ? undefined : timeOf(fields.endsAt),
    title: annotations.summary ?? annotations.title ?? [alertname, instance].filter(Boolean).join(' '),
    texts: [...first, ...others.sort()].flatMap((name) => annotations[name] ?? []),
    facts: labelsOf(visible),
    oncall: [annotations.oncall ?? labels.oncall ?? ''],
    priority: labels.priority,
    severity: labels.severity,
    tags: labelsOf(visible)
      .filter((label) => !label.startsWith('alertname='))
      .map((label) => label.replace('=', ':')),
    links: [
      { title: 'Runbook', url: annotations.runbook_url ?? '' },
      { title: 'Source', url: textOf(fields, 'generatorURL') ?? '' },
      { title: 'Dashboard', url: annotations.dashboard_url ?? '' },
    ],
  } satisfies SourceAlert;
}
