import type { Transition } from '@pagebridge/vocabulary';
import { isFields, textOf, timeOf } from '../../alerts/fields.ts';
import { linksOf } from '../../alerts/links.ts';
import type { Complaint, Reading, Says, SourceAlert } from '../../alerts/source-alert.ts';

const transitions: Readonly<Record<string, Transition>> = {
  triggered: 'triggered',
  're-triggered': 'retriggered',
  warn: 'warned',
  're-warn': 'warned',
  'no data': 'no-data',
  're-no data': 'no-data',
  renotify: 'renotified',
};

// More than an alert can have.
const mostTags = 300;

/** Reads a notification of a Datadog webhook whose payload is that of docs/how-to/alerts-from-datadog.md. */
export const readDatadog = (body: unknown): Reading => ({
  members: [body],
  read: (member) => {
    const alert = alertIn(member);
    return 'field' in alert ? { place: alert.field, reason: alert.message, members: [member] } : alert;
  },
  requestOf: ([notification]) => notification,
  cure: 'Use the webhook payload in docs/how-to/alerts-from-datadog.md.',
});

function alertIn(body: unknown): SourceAlert | Pick<Complaint, 'field' | 'message'> {
  const field = (name: string) => (isFields(body) ? given(textOf(body, name)) : undefined);
  const [said, incident] = [field('transition'), field('incident')];
  // An incident has none.
  if (said === undefined && incident === undefined) {
    return {
      field: 'transition',
      message: 'transition is missing: the webhook does not use the payload for Pagebridge',
    };
  }
  const transition = transitionOf(said ?? '');
  const [monitor = '', cycle, aggregate, scope = ''] = ['monitor', 'cycle', 'aggregate', 'scope'].map(field);
  if (!incident && !monitor && !cycle && !aggregate && !scope) {
    const message = 'the monitor cannot be identified: monitor, cycle, aggregate and scope are missing';
    return { field: 'monitor', message };
  }
  const [id, at] = [field('id'), timeOf(field('date'))];
  const title = field('title') ?? '';
  const tags = (field('tags') ?? '').split(',', mostTags).filter((tag) => tag !== '' && tag !== 'monitor');
  return {
    identity: incident ? `incident:${incident}` : `${monitor}/${cycle ?? aggregate ?? scope}`,
    name: title,
    says: isId(id) && at !== undefined ? { state: 'notified', id, at, transition } : saidBy(transition),
    ...(incident ? { origin: 'incident-rule' as const } : {}),
    title,
    texts: [(field('message') ?? '').replaceAll(/^%%%$/gm, '').trim(), title],
    facts: scope === '' ? [] : [`scope=${scope}`],
    oncall: [],
    priority: field('priority'),
    severity: undefined,
    tags: [...tags, ...(monitor ? [`monitor:${monitor}`] : []), ...(/^\[TEST\]/i.test(title) ? ['test:true'] : [])],
    links: linksOf([
      { title: 'Event', url: field('link') ?? '' },
      { title: 'Snapshot', url: field('snapshot') ?? '' },
    ]),
  };
}

/** What a notification without an id or a time says: neither can tell it from a copy. */
function saidBy(transition: Transition): Says {
  if (transition === 'recovered') return { state: 'resolved', at: undefined };
  const as = transition === 'warned' || transition === 'no-data' ? { as: transition } : {};
  return { state: 'triggered', at: undefined, ...as };
}

const isId = (id: string | undefined): id is string => id !== undefined && /^[\w.-]{1,256}$/.test(id);

// A variable that Datadog does not know stays as it was written.
const given = (text: string | undefined): string | undefined =>
  text === undefined || /^\$[A-Z_0-9]+$/.test(text) ? undefined : text;

function transitionOf(text: string): Transition {
  const name = text.toLowerCase();
  if (name.endsWith('recovered')) return 'recovered';
  return Object.hasOwn(transitions, name) ? (transitions[name] ?? 'triggered') : 'triggered';
}
