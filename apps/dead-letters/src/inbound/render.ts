import { headerText } from '@pagebridge/contracts';
import type { Letter } from '../domain/letter.ts';
import type { Planned } from '../domain/plan.ts';
import type { Group } from '../domain/summary.ts';
import { colored, printable, type Screen, table } from './table.ts';

export function renderGroups(screen: Screen, groups: readonly Group[]): void {
  const rows = groups.map(({ topic, reason, count, oldest, newest }) => [topic, reason, String(count), oldest, newest]);
  table(screen, ['TOPIC', 'REASON', 'COUNT', 'OLDEST', 'NEWEST'], rows);
}

export function renderPlan(screen: Screen, planned: readonly Planned[]): void {
  const rows = planned.map(({ letter, verdict }) => [
    verdict.kind === 'replay' ? 'replay' : verdict.reason,
    letter.name,
    letter.key,
    letter.reason,
    iso(letter.failedAt),
    verdict.kind === 'replay' ? `goes to ${letter.topic}` : verdict.why,
  ]);
  const head = ['WHAT', 'DEAD LETTER', 'KEY', 'PARKED FOR', 'PARKED AT', 'WHY'];
  table(screen, head, rows, ([what]) => (what === 'replay' ? 'green' : 'yellow'));
}

/** Dead letters for people, one after the other. */
export function renderLetters(screen: Screen, letters: readonly Letter[]): void {
  for (const letter of letters) {
    const { origin } = letter;
    const lines = [
      ['key', letter.key],
      ['reason', letter.reason],
      ['detail', letter.detail],
      ['parked', iso(letter.failedAt)],
      ['from', [letter.topic, origin.partition ?? '?', origin.offset ?? '?'].join('/')],
      ...Object.keys(letter.record.headers).map((name) => [
        'header',
        `${name}: ${headerText(letter.record, name) ?? ''}`,
      ]),
    ];
    screen.write(`${colored(screen, 'bold', letter.name)}\n`);
    for (const [name = '', text = ''] of lines) screen.write(`  ${name.padEnd(7)} ${printable(text)}\n`);
    const value = readableValue(letter);
    const text = typeof value === 'string' ? printable(value) : JSON.stringify(value, null, 2);
    screen.write(`  value\n${text.replace(/^/gm, '    ')}\n\n`);
  }
}

/** A dead letter as JSON; `valueBase64` instead of `value` where the bytes are no text. */
export function letterAsJson(letter: Letter) {
  const { record, name, topic, key, reason, detail, failedAt, origin } = letter;
  const headers = Object.fromEntries(
    Object.keys(record.headers).map((header) => [header, headerText(record, header) ?? '']),
  );
  const isText = record.value === null || Buffer.from(record.value.toString('utf8')).equals(record.value);
  return {
    name,
    topic,
    key,
    reason,
    detail,
    failedAt: iso(failedAt),
    origin,
    headers,
    ...(isText ? { value: readableValue(letter) } : { valueBase64: record.value?.toString('base64') }),
  };
}

export const plannedAsJson = ({ letter, verdict }: Planned) => ({
  name: letter.name,
  key: letter.key,
  reason: letter.reason,
  failedAt: iso(letter.failedAt),
  ...(verdict.kind === 'replay' ? { verdict: 'replay' } : { verdict: verdict.reason, why: verdict.why }),
});

function readableValue({ record: { value } }: Letter): unknown {
  if (value === null) return null;
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    // Why it is no JSON stands in its detail; it is shown as it came.
    return value.toString('utf8');
  }
}

const iso = (time: number): string => new Date(time).toISOString();
