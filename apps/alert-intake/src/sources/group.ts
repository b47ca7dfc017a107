import { type Fields, isFields, textOf, textsOf, timeOf } from '../alerts/fields.ts';
import { linksOf } from '../alerts/links.ts';
import type { Complaint, Reading, Refusal, SourceAlert } from '../alerts/source-alert.ts';

const maxMembers = 10_000;
const grouping = "Group by all labels, as in group_by: ['...'].";

/** What a member of a group has in common in Alertmanager and Grafana. */
export interface Member {
  readonly fields: Fields;
  /** In the order of their names. */
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
  /** What identifies it: the fingerprint, or its labels where an old version sends none. */
  readonly identity: string;
  readonly isFiring: boolean;
}

/**
 * Reads a webhook of Alertmanager's form: a group of alerts, each of which counts by its own status, since the group fires as long as any
 * of them does. `alertOf` is called once with the group, and then for each member.
 */
export function readGroup(
  body: unknown,
  cure: string,
  alertOf: (group: Fields) => (member: Member) => SourceAlert,
): Reading | Complaint {
  if (!isFields(body) || !Array.isArray(body.alerts)) {
    return { field: 'alerts', message: 'alerts is not a list: the body is not a default webhook payload', cure };
  }
  const members: readonly unknown[] = body.alerts;
  if (members.length > maxMembers) {
    const message = `the group has ${members.length} alerts, but at most ${maxMembers} are accepted`;
    return { field: 'alerts', message, cure: grouping };
  }
  const ofMember = alertOf(body);
  return {
    members,
    read: (each, index) => {
      const member = memberOf(each);
      if (typeof member !== 'string') return ofMember(member);
      return { place: `alerts.${index}`, reason: member, members: [each] };
    },
    requestOf: (alerts) => ({ alerts }),
    notes: cutOff(body),
    cure,
  };
}

/** Alertmanager and Grafana never send what they have cut off. */
function cutOff({ truncatedAlerts }: Fields): readonly Refusal[] {
  if (typeof truncatedAlerts !== 'number' || !(truncatedAlerts > 0)) return [];
  const reason = `max_alerts removed ${truncatedAlerts} alerts; unset it`;
  return [{ place: 'truncatedAlerts', reason, members: [] }];
}

/** Returns what is wrong with a member as a text. */
function memberOf(fields: unknown): Member | string {
  if (!isFields(fields)) return 'is not an object';
  const { status } = fields;
  if (status !== 'firing' && status !== 'resolved') return 'status is neither firing nor resolved';
  const labels = Object.entries(textsOf(fields.labels)).sort(([one], [other]) => (one < other ? -1 : 1));
  const identity = textOf(fields, 'fingerprint') ?? JSON.stringify(labels);
  if (identity === '[]') return 'has neither a fingerprint nor labels';
  return {
    fields,
    labels: Object.fromEntries(labels),
    annotations: textsOf(fields.annotations),
    identity,
    isFiring: status === 'firing',
  };
}

// The annotations that stand first in the text of a page, in this order.
const first = ['description', 'message', 'summary'];

/** Returns the parts of an alert that are alike in Alertmanager and Grafana. */
export function commonParts({ fields, labels, annotations, identity, isFiring }: Member) {
  const { alertname = '', instance = '' } = labels;
  const others = Object.keys(annotations).filter(
    (name) => !first.includes(name) && !/_?url$/i.test(name) && name !== 'oncall',
  );
  const visible = Object.entries(labels).filter(([name]) => !/^__.*__$/.test(name));
  return {
    identity,
    name: alertname,
    says: isFiring
      ? { state: 'firing', at: timeOf(fields.startsAt) }
      : { state: 'resolved', at: timeOf(fields.endsAt) },
    title: annotations.summary ?? annotations.title ?? [alertname, instance].filter(Boolean).join(' '),
    texts: [...first, ...others.sort()].flatMap((name) => annotations[name] ?? []),
    facts: visible.map((label) => label.join('=')),
    oncall: [annotations.oncall ?? labels.oncall ?? ''],
    priority: labels.priority,
    severity: labels.severity,
    tags: visible.filter(([name]) => name !== 'alertname').map((label) => label.join(':')),
    links: linksOf([
      { title: 'Runbook', url: annotations.runbook_url ?? '' },
      { title: 'Source', url: textOf(fields, 'generatorURL') ?? '' },
      { title: 'Dashboard', url: annotations.dashboard_url ?? '' },
    ]),
  } satisfies SourceAlert;
}
