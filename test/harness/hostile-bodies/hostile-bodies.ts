import type { IntegrationKind } from '@pagebridge/vocabulary';
import { dialects, type Fields } from './dialects.ts';
import { fillings, textOf } from './fillings.ts';

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
