import { headerText } from '@pagebridge/contracts';
import { printable } from '@pagebridge/vocabulary';
import { batchOf, describeBatch } from '../domain/batch.ts';
import type { Letter } from '../domain/letter.ts';
import { isoOf } from '../domain/moment.ts';
import type { Decision, Planned } from '../domain/plan.ts';
import { describeStub, stubOf } from '../domain/stub.ts';
import type { Group } from '../domain/summary.ts';
import { colored, type Screen, table } from './table.ts';

export function renderGroups(screen: Screen, groups: readonly Group[]): void {
  const rows = groups.map(({ topic, reason, count, oldest, newest }) => [topic, reason, String(count), oldest, newest]);
  table(screen, ['TOPIC', 'REASON', 'COUNT', 'OLDEST', 'NEWEST'], rows);
}

export function renderPlan(screen: Screen, planned: readonly Planned[]): void {
  const rows = planned.map(({ letter, decision }) => [
    decision.kind === 'replay' ? 'replay' : decision.reason,
    letter.name,
    letter.key,
    letter.reason,
    isoOf(letter.failedAt),
    whyOf(decision),
  ]);
  const head = ['WHAT', 'DEAD LETTER', 'KEY', 'PARKED FOR', 'PARKED AT', 'WHY'];
  table(screen, head, rows, ([what]) => (what === 'replay' ? 'green' : 'yellow'));
}

function whyOf(decision: Decision): string {
  if (decision.kind === 'skip') return decision.why;
  const { effect } = decision;
  switch (effect.kind) {
    case 'routed':
      return 'routed anew';
    case 'resolve':
      return 'resolves the pages of its alert';
    case 'page':
      return 'a new attempt to page the team';
    case 'joined': {
      const whose = effect.isBackup ? 'the open page of its backup' : 'the page that is open for the team';
      return `joined to ${effect.pageId}, ${whose}: nobody is paged again; --page-anew creates another page`;
    }
  }
}

/** Prints dead letters in full, one after the other. */
export function renderLetters(screen: Screen, letters: readonly Letter[]): void {
  for (const letter of letters) {
    const { origin } = letter;
    const lines = [
      ['key', letter.key],
      ['reason', letter.reason],
      ['detail', letter.detail],
      ['parked', isoOf(letter.failedAt)],
      ['from', [letter.topic, origin.partition ?? '?', origin.offset ?? '?'].join('/')],
      ...Object.keys(letter.record.headers).map((name) => [
        'header',
        `${name}: ${headerText(letter.record, name) ?? ''}`,
      ]),
    ];
    screen.write(`${colored(screen, 'bold', letter.name)}\n`);
    for (const [name = '', text = ''] of lines) screen.write(`  ${name.padEnd(7)} ${printable(text)}\n`);
    screen.write(`  value\n${valueFor(letter).replace(/^/gm, '    ')}\n\n`);
  }
}

function valueFor(letter: Letter): string {
  const stub = stubOf(letter.record, letter);
  if (stub) return `${describeStub(stub)}:\n${stub.command}`;
  const batch = batchOf(letter.reason, letter.record);
  if (batch) return `${printable(describeBatch(batch))}; replay it with --max-batch-mib`;
  const value = readableValue(letter);
  return typeof value === 'string' ? printable(value) : JSON.stringify(value, null, 2);
}

/** Returns a dead letter as JSON, with `valueBase64` instead of `value` if the bytes are not UTF-8. */
export function letterAsJson(letter: Letter) {
  const { record, name, topic, key, reason, detail, failedAt, origin } = letter;
  const headers = Object.fromEntries(
    Object.keys(record.headers).map((header) => [header, headerText(record, header) ?? '']),
  );
  const stub = stubOf(record, letter);
  const isText = record.value === null || Buffer.from(record.value.toString('utf8')).equals(record.value);
  return {
    name,
    topic,
    key,
    reason,
    detail,
    failedAt: isoOf(failedAt),
    origin,
    headers,
    ...(stub ? { original: stub.command } : {}),
    ...(isText ? { value: readableValue(letter) } : { valueBase64: record.value?.toString('base64') }),
  };
}

export const plannedAsJson = ({ letter, decision }: Planned) => ({
  name: letter.name,
  key: letter.key,
  reason: letter.reason,
  failedAt: isoOf(letter.failedAt),
  ...(decision.kind === 'replay' ? { verdict: 'replay', ...becomesAsJson(decision) } : { verdict: decision.reason }),
  why: whyOf(decision),
});

const becomesAsJson = ({ effect }: Extract<Decision, { kind: 'replay' }>) => ({
  becomes: effect.kind,
  ...(effect.kind === 'joined' ? { joins: effect.pageId } : {}),
});

function readableValue({ record: { value } }: Letter): unknown {
  if (value === null) return null;
  try {
    return JSON.parse(value.toString('utf8'));
  } catch {
    // The text is shown as is; the detail of the dead letter explains why it is not JSON.
    return value.toString('utf8');
  }
}
