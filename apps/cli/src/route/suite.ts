import { type Alert, Alerts, type Event } from '@pagebridge/contracts';
import { UsageError } from '@pagebridge/process';
import { handleOf } from '@pagebridge/vocabulary';
import { parse } from 'yaml';
import type { RegistryTables } from '../registry/registry-tables.ts';
import { type Outcome, outcomesOf } from './outcomes.ts';

/** What a test expects; only the fields that it gives must match. */
type Expected = { readonly kind: Outcome['kind'] } & Readonly<Record<string, string>>;

export interface RouteTest {
  readonly name: string;
  readonly event: Event<Alert>;
  readonly expected: readonly Expected[];
}

/** What a test found: what it expected and did not get, and what it got and did not expect. */
export interface Result {
  readonly name: string;
  readonly ok: boolean;
  readonly missing: readonly Expected[];
  readonly unexpected: readonly Outcome[];
}

/** Each expected outcome has its own actual one, and none is left over: a test says all that its alert leads to. */
export function resultOf({ name, event, expected }: RouteTest, tables: RegistryTables, now: Date): Result {
  const outcomes = outcomesOf(event, tables, now);
  const takenBy = new Map<Outcome, Expected>();
  // One that says little leaves its outcome to another, if it finds a further one (augmenting paths).
  const finds = (one: Expected, tried: Set<Outcome>): boolean =>
    outcomes.some((outcome) => {
      if (tried.has(outcome) || !isMet(one, outcome)) return false;
      tried.add(outcome);
      const holder = takenBy.get(outcome);
      if (holder && !finds(holder, tried)) return false;
      takenBy.set(outcome, one);
      return true;
    });
  const missing = expected.filter((one) => !finds(one, new Set()));
  const unexpected = outcomes.filter((outcome) => !takenBy.has(outcome));
  return { name, ok: missing.length + unexpected.length === 0, missing, unexpected };
}

const isMet = (expected: Expected, outcome: Outcome): boolean => {
  const its: Readonly<Record<string, string>> = outcome;
  return Object.entries(expected).every(([field, value]) => its[field] === value);
};

interface Suite {
  /** The time at which alerts are routed, which decides about former handles. */
  readonly now: Date | undefined;
  readonly tests: readonly RouteTest[];
}

type Fields = Readonly<Record<string, unknown>>;

/** Reads a suite. Throws UsageError with the place that is wrong. */
export function suiteIn(text: string): Suite {
  const { now, tests } = fieldsIn(yamlIn(text), 'the suite', ['now', 'tests']);
  if (now !== undefined && Number.isNaN(Date.parse(String(now))))
    throw new UsageError('now must be a time such as 2026-01-31T12:00:00Z');
  if (Array.isArray(tests) && tests.length === 0) throw new UsageError('tests must not be empty');
  const at = now === undefined ? undefined : new Date(String(now));
  return { now: at, tests: listIn(tests, 'tests').map((test, n) => testIn(test, `tests[${n}]`, at ?? new Date())) };
}

function yamlIn(text: string): unknown {
  try {
    return parse(text, { maxAliasCount: 100 });
  } catch (error) {
    throw new UsageError(`the suite is not valid YAML: ${(error as Error).message.split('\n')[0]}`);
  }
}

function testIn(test: unknown, where: string, now: Date): RouteTest {
  const { name, alert, expect } = fieldsIn(test, where, ['name', 'alert', 'expect']);
  if (typeof name !== 'string' || name === '') throw new UsageError(`${where}.name must be a string`);
  const { pages, unrouted, resolves, refused } = fieldsIn(expect, `${where}.expect`, [
    'pages',
    'unrouted',
    'resolves',
    'refused',
  ]);
  if (resolves !== undefined && resolves !== true) throw new UsageError(`${where}.expect.resolves must be true`);
  const each = (kind: Outcome['kind'], name: string, list: unknown, fields: readonly string[]) =>
    listIn(list ?? [], `${where}.expect.${name}`).map((one, n) =>
      expectedIn(kind, one, `${where}.expect.${name}[${n}]`, fields),
    );
  const expected = [
    ...each('page', 'pages', pages, ['handle', 'team', 'connection', 'urgency', 'backup']),
    ...each('unrouted', 'unrouted', unrouted, ['handle', 'reason']),
    ...(resolves ? [{ kind: 'resolve' } as const] : []),
    ...(refused === undefined ? [] : [expectedIn('refused', { reason: refused }, `${where}.expect`, ['reason'])]),
  ];
  return { name, event: alertIn(alert, name, `${where}.alert`, now), expected };
}

function expectedIn(kind: Outcome['kind'], one: unknown, where: string, fields: readonly string[]): Expected {
  const given = Object.entries(fieldsIn(one, where, fields)).map(([field, value]) => {
    if (typeof value !== 'string') throw new UsageError(`${where}.${field} must be a string`);
    return [field, field === 'handle' ? handleOf(value.replace(/^@?oncall-/i, '').toLowerCase()) : value];
  });
  return { ...Object.fromEntries(given), kind };
}

const alertFields = [
  'org',
  'key',
  'title',
  'message',
  'priority',
  'transition',
  'origin',
  'tags',
  'links',
  'recipients',
];

/** Returns the alert of a test; its contract checks it, as it checks those of the topics. */
function alertIn(alert: unknown, name: string, where: string, now: Date): Event<Alert> {
  const { org, key = name, ...its } = fieldsIn(alert, where, alertFields);
  const given = { title: name, message: '', transition: 'triggered', origin: 'monitor', ...its };
  const data = { ...given, sourceOrg: org, alertKey: key, occurredAt: now.toISOString() };
  const event = { specversion: '1.0', type: Alerts.card.eventType, source: '/route-test', id: 'route-test', data };
  const read = Alerts.decode({ value: JSON.stringify(event), headers: {} });
  if (read.ok) return read.event;
  throw new UsageError(`${where}: ${read.detail.replace(/^data\.(sourceOrg)?/, (_, isOrg) => (isOrg ? 'org' : ''))}`);
}

/** Returns the fields of an object; a field that it may not have is a typing error. */
function fieldsIn(value: unknown, where: string, allowed: readonly string[]): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new UsageError(`${where} must be an object with the fields ${allowed.join(', ')}`);
  }
  const unknown = Object.keys(value).find((field) => !allowed.includes(field));
  if (unknown !== undefined)
    throw new UsageError(`${where} has the unknown field ${unknown}; allowed: ${allowed.join(', ')}`);
  return value as Fields;
}

function listIn(value: unknown, where: string): readonly unknown[] {
  if (!Array.isArray(value)) throw new UsageError(`${where} must be a list`);
  return value;
}
