import type { IntegrationKind } from '@pagebridge/vocabulary';
import { dialects, type Fields } from './dialects.ts';

const characters = ['a', '|', '%', '#', 'é', '\u{1f525}', '\\u0001', '\\ud800', ' ', '@', '.', ','] as const;
const repeated = (part: string, bytes: number): string => part.repeat(Math.max(0, bytes / Buffer.byteLength(part)));
const textOf = (part: string) => (bytes: number) => `"${repeated(part, bytes - 2)}"`;
const urlOf = (part: string) => (bytes: number) => `"https://a/${repeated(part, bytes - 12)}"`;
const listOf = (part: string) => (bytes: number) => `[${repeated(`${part},`, bytes - 2 - part.length)}${part}]`;

/** Distinct parts, joined up to a length. */
function distinct(bytes: number, part: (name: string) => string, joint: string): string {
  const parts: string[] = [];
  for (let left = bytes; left > 0; ) {
    const next = part(parts.length.toString(36));
    left -= next.length + joint.length;
    if (left >= 0 || parts.length === 0) parts.push(next);
  }
  return parts.join(joint);
}

const nested = (levels: number) => `${'['.repeat(levels)}${']'.repeat(levels)}`;

/** What a place is filled with: JSON of at most this many bytes, or of a fixed length. */
const fillings: Readonly<Record<string, (bytes: number) => string>> = {
  'deep lists': (bytes) => nested(Math.max(1, Math.floor(bytes / 2))),
  'deep objects': (bytes) => `${'{"a":'.repeat(bytes / 6)}1${'}'.repeat(bytes / 6)}`,
  'lists of 28 levels': listOf(nested(28)),
  'empty lists': listOf('[]'),
  'empty objects': listOf('{}'),
  numbers: listOf('0'),
  'long numbers': (bytes) => `1${'0'.repeat(Math.max(0, bytes - 1))}`,
  'empty texts': listOf('""'),
  'distinct texts': (bytes) => `[${distinct(bytes - 2, (name) => `"${name}"`, ',')}]`,
  'long texts': listOf(`"${'a '.repeat(500)}"`),
  'links that are long': listOf(`{"url":"https://a/${'|'.repeat(500)}","href":"https://a/${'|'.repeat(500)}"}`),
  'links that are short': listOf('{"url":"http://a/","href":"http://a/"}'),
  'fields with empty texts': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":""`, ',')}}`,
  'fields with numbers': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":1`, ',')}}`,
  'fields with lists': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":[[],[]]`, ',')}}`,
  'fields with long texts': (bytes) => `{${distinct(bytes - 2, (name) => `"${name}":"${'a '.repeat(500)}"`, ',')}}`,
  'the same field': (bytes) => `{${repeated('"a":"",', bytes - 8)}"a":""}`,
  'a long name': (bytes) => `{"${'a'.repeat(Math.max(0, bytes - 7))}":""}`,
  words: textOf('a '),
  lines: textOf('a\\n'),
  'words that are long': textOf(`${'a.'.repeat(100)} `),
  mentions: textOf('@oncall-a '),
  'distinct mentions': (bytes) => `"${distinct(bytes - 2, (name) => `@oncall-${name}`, ' ')}"`,
  'a long mention': (bytes) => `"@oncall-${repeated('a.', bytes - 10)}"`,
  'mentions in brackets': textOf('((((((((((@oncall-a '),
  'half mentions': textOf('@oncall-@'),
  'tags with commas': (bytes) => `"${distinct(bytes - 2, (name) => name, ',')}"`,
  ...Object.fromEntries(characters.map((each) => [`text of ${each}`, textOf(each)])),
  ...Object.fromEntries(characters.map((each) => [`URL of ${each}`, urlOf(each)])),
  'no text': () => '{"toString":1}',
  'no text in a list': () => '[{"toString":null}]',
  'no value': () => '{"toString":null,"valueOf":null}',
  prototype: () => '{"__proto__":{"toString":1},"constructor":{"prototype":1}}',
  null: () => 'null',
};

export const fillingNames: readonly string[] = Object.keys(fillings);

const shape = (kind: IntegrationKind, place: string, filling: string, alerts = 1): Shape => ({
  kind,
  place,
  filling,
  alerts,
});
const ofGroup = (kind: IntegrationKind): Shape[] => [
  shape(kind, 'body externalURL', 'URL of |', 10_000),
  shape(kind, 'alert labels', 'fields with empty texts'),
  shape(kind, 'alert annotations.oncall', 'words'),
  shape(kind, 'alert labels', 'fields with empty texts', 524),
  shape(kind, 'alert labels', 'fields with empty texts', 10_000),
  shape(kind, 'alert annotations.description', 'distinct mentions'),
  shape(kind, 'alert other', 'null', 10_000),
  shape(kind, 'body other', 'empty lists'),
];

/** The shapes that cost most of each kind, found by measuring all; those without a filling to speak of are groups of new alerts. */
export const worst: Readonly<Record<IntegrationKind, readonly Shape[]>> = {
  alertmanager: ofGroup('alertmanager'),
  grafana: ofGroup('grafana'),
  datadog: [
    shape('datadog', 'alert tags', 'tags with commas'),
    shape('datadog', 'alert message', 'distinct mentions'),
    shape('datadog', 'alert link', 'URL of |'),
    shape('datadog', 'alert other', 'empty lists'),
  ],
  pagerduty: [
    shape('pagerduty', 'alert other', 'empty lists'),
    shape('pagerduty', 'alert other', 'fields with empty texts'),
    shape('pagerduty', 'alert links', 'links that are short'),
    shape('pagerduty', 'alert payload.summary', 'distinct mentions'),
  ],
  cloudevents: [
    shape('cloudevents', 'alert data.tags', 'empty texts', 100),
    shape('cloudevents', 'alert data.message', 'distinct mentions', 100),
    shape('cloudevents', 'alert other', 'empty lists'),
  ],
  alerts: [
    shape('alerts', 'alert links', 'links that are short'),
    shape('alerts', 'alert tags', 'distinct texts'),
    shape('alerts', 'alert oncall', 'words'),
    shape('alerts', 'alert links', 'links that are long', 100),
  ],
};

/*
 * Bodies of requests that cost an intake more than their bytes are worth. Each is an ordinary body of its source in which one place is
 * filled with something: fuzzing draws all of them, and the benchmark and the chaos runs send the worst.
 */

const handle = '@oncall-core-infra';

/** An ordinary body with one of its places filled, in each of its alerts if the place is one of an alert. */
export interface Shape {
  readonly kind: IntegrationKind;
  /** Such as `alert labels.other`, or `body externalURL`. */
  readonly place: string;
  readonly filling: string;
  /** At most so many alerts; fewer if the bytes do not suffice, or the source sends no more. */
  readonly alerts: number;
}

export const placesOf = (kind: IntegrationKind): string[] =>
  Object.entries(dialects[kind].places).flatMap(([of, places]) => places.map((place) => `${of} ${place}`.trim()));

export const nameOf = ({ kind, place, filling, alerts }: Shape): string =>
  `${kind}: ${filling} as ${place}, ${alerts} alerts`;

const filled = 'FILLED';

/** Returns a body of this shape in at most `bytes` bytes, unless an ordinary alert is longer. The names of its alerts begin with `run`. */
export function hostileBody({ kind, place, filling, alerts }: Shape, bytes: number, run: string): string {
  const { alert, least, around, maxAlerts } = dialects[kind];
  const [of, path = ''] = place.split(' ');
  const fill = fillings[filling] ?? textOf(' ');
  const alertOf = (id: string) => (alerts >= 1000 && least ? least(id) : alert(id, `Too much. ${handle}`));
  const fixed = JSON.stringify(around([]) ?? '').length;
  const each = JSON.stringify(alertOf(`${run}-10000`)).length + 1;
  const many = Math.max(1, Math.min(alerts, maxAlerts, Math.floor((bytes - fixed) / (each + 20))));
  const ordinary = Array.from({ length: many }, (_, n) => alertOf(`${run}-${n}`));
  if (of === 'body') {
    const body = JSON.stringify(put(around(ordinary), path));
    return body.replace(`"${filled}"`, () => fill(bytes - body.length));
  }
  const body = JSON.stringify(around(ordinary.map((one) => put(one, path) as Fields)));
  const value = fill(Math.floor((bytes - body.length) / many));
  return body.replaceAll(`"${filled}"`, () => value);
}

/** Returns a value with the mark of what is filled in at a place; the value itself is the empty place. */
function put(value: unknown, place: string): unknown {
  if (place === '') return filled;
  const [name = '', ...rest] = place.split('.');
  const fields = value as Fields;
  return { ...fields, [name]: rest.length > 0 ? put(fields[name] ?? {}, rest.join('.')) : filled };
}

const prose = `${'Memory is above 92 % for ten minutes on this host. '.repeat(4)}${handle}. `;

// A larger group is rare, and its alerts are shorter.
const mostOrdinary = 3000;

/** Returns a body as its source sends it, with as many alerts as its bytes make, up to the most, and then with longer texts. */
export function ordinaryBody(kind: IntegrationKind, bytes: number, run: string): string {
  const { alert, around, maxAlerts } = dialects[kind];
  const fixed = JSON.stringify(around([]) ?? '').length;
  const each = JSON.stringify(alert(`${run}-10000`, prose)).length + 1;
  const many = Math.max(1, Math.min(maxAlerts, mostOrdinary, Math.floor((bytes - fixed) / each)));
  const room = Math.max(0, Math.floor((bytes - fixed) / many) - each);
  const text = prose + prose.repeat(room / prose.length);
  return JSON.stringify(around(Array.from({ length: many }, (_, n) => alert(`${run}-${n}`, text))));
}

/** Returns a body with the token of its integration, for the source that sends it there; behind all else, where it is found last. */
export const withToken = (kind: IntegrationKind, body: string, token: string): string =>
  kind === 'pagerduty' && body.endsWith('}') ? `${body.slice(0, -1)},"routing_key":"${token}"}` : body;
