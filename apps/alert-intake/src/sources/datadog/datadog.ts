import type { Transition } from '@pagebridge/vocabulary';
import { isFields, textOf, timeOf } from '../../alerts/fields.ts';
import type { Reading, SourceAlert } from '../../alerts/source-alert.ts';
import { notUnderstood } from '../refusals.ts';

const transitions: Readonly<Record<string, Transition>> = {
  triggered: 'triggered',
  're-triggered': 'retriggered',
  warn: 'warned',
  're-warn': 'warned',
  'no data': 'no-data',
  're-no data': 'no-data',
  renotify: 'renotified',
};

/** Reads a notification of a Datadog webhook whose payload is that of docs/how-to/alerts-from-datadog.md. Throws a Problem for another body. */
export function readDatadog(body: unknown): Reading {
  if (!isFields(body) || textOf(body, 'transition') === undefined) {
    const cure = 'Give the webhook the payload of docs/how-to/alerts-from-datadog.md.';
    throw notUnderstood('transition', 'transition is missing: this is not the payload for Pagebridge', cure);
  }
  const field = (name: string) => given(textOf(body, name));
  const transition = transitionOf(field('transition') ?? '');
  const [monitor = '', cycle, aggregate, scope = ''] = ['monitor', 'cycle', 'aggregate', 'scope'].map(field);
  const incident = field('incident');
  if (!incident && !monitor && !cycle && !aggregate && !scope) {
    const cure = 'Give the webhook the payload of docs/how-to/alerts-from-datadog.md.';
    throw notUnderstood(
      'monitor',
      'nothing says which monitor it is: monitor, cycle, aggregate and scope are missing',
      cure,
    );
  }
  const [id, at] = [field('id'), timeOf(field('date'))];
  const title = field('title') ?? '';
  const tags = (field('tags') ?? '').split(',').filter((tag) => tag !== '' && tag !== 'monitor');
  const alert: SourceAlert = {
    identity: incident ? `incident:${incident}` : `${monitor}/${cycle ?? aggregate ?? scope}`,
    name: title,
    firing: transition !== 'recovered',
    ...(transition === 'warned' || transition === 'no-data' ? { transition } : {}),
    ...(isId(id) && at ? { notification: { id, at, transition } } : {}),
    ...(incident ? { origin: 'incident-rule' as const } : {}),
    startsAt: undefined,
    endsAt: undefined,
    title,
    texts: [(field('message') ?? '').replaceAll(/^%%%$/gm, '').trim()],
    facts: scope === '' ? [] : [`scope=${scope}`],
    oncall: [],
    priority: field('priority'),
    severity: undefined,
    tags: [...tags, ...(monitor ? [`monitor:${monitor}`] : []), ...(/^\[TEST\]/i.test(title) ? ['test:true'] : [])],
    links: [
      { title: 'Event', url: field('link') ?? '' },
      { title: 'Snapshot', url: field('snapshot') ?? '' },
    ],
  };
  return { alerts: [alert], refused: [] };
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
