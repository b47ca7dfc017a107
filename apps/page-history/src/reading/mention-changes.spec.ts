import { describe, expect, it } from '@jest/globals';
import {
  type OutgoingRecord,
  outcomes,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  replayedFromHeader,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { asRead } from '@pagebridge/testing';
import { hopOf, traceOf, type Verdict } from '@pagebridge/trace';
import { deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import type { Mention, MentionState } from '../rows/mention.entity.ts';
import { changesOf } from './mention-changes.ts';
import { rowOf } from './record-row.ts';

const start = Date.UTC(2026, 0, 1);
const moment = (second: number): string => new Date(start + second * 1000).toISOString();
const key = 'acme-us/monitor-1';
const attributes = { id: 'e', source: '/spec', time: moment(0) };
const connectionId = '0b1f6a3e-6c1d-4a68-9f7c-5d1f8d1f9a11';
const pageId = 'page-0000000000000001';
const about = { sourceOrg: 'acme-us', alertKey: 'monitor-1', alertEventId: 'event-1' };
const team = { connectionId, teamHandle: 'core-infra' };

const command: PageCommand = {
  ...about,
  ...team,
  ...{ kind: 'page', pageId, transition: 'triggered', occurredAt: moment(0), teamId: 't1' },
  ...{ handle: '@oncall-core-infra', matched: 'exact', urgency: 'high', title: 'High memory', description: '' },
  ...{ tags: ['late'], links: [] },
};
const commandRecord = (headers: Readonly<Record<string, string>> = {}): OutgoingRecord => {
  const record = PageCommands.encode(key, attributes, command);
  return { ...record, headers: { ...record.headers, ...headers } };
};
const replay = commandRecord({ [replayedFromHeader]: `${deadLetterTopicOf(PageCommands.card.topic)}/0/1` });
const deadLetter: OutgoingRecord = {
  ...commandRecord({
    ...{ [deadLetterHeaders.reason]: 'too-old', [deadLetterHeaders.detail]: 'It waited too long.' },
    ...{ [deadLetterHeaders.topic]: PageCommands.card.topic, [deadLetterHeaders.partition]: '0' },
    [deadLetterHeaders.offset]: '0',
  }),
  topic: deadLetterTopicOf(PageCommands.card.topic),
};
const unrouted = UnroutedHandles.encode(key, attributes, {
  ...about,
  ...{ title: 'High memory', occurredAt: moment(0), handle: '@oncall-core-infra' },
  ...{ reason: 'unknown-handle', detail: 'No team has it.' },
});
/** What becomes of a page; `closed-there`: it is resolved for that reason. */
const fates = [...outcomes, 'closed-there'] as const;
type Fate = (typeof fates)[number];
const outcomeRecord = (fate: Fate, second: number, attempts: number): OutgoingRecord => {
  const outcome = fate === 'closed-there' ? 'resolved' : fate;
  const reason = fate === 'closed-there' ? fate : 'network';
  const data: PageOutcome = {
    ...about,
    ...team,
    ...{ pageId, outcome, at: moment(second), attempts, possibleDuplicate: attempts > 2 },
    ...(outcome === 'delivered' ? { destinationPageId: 'd-1' } : { reason, detail: 'It is away.' }),
  };
  return PageOutcomes.encode(key, attributes, data);
};

interface Timed {
  readonly record: OutgoingRecord;
  readonly second: number;
}

const rowAt = ({ record, second }: Timed) =>
  rowOf(asRead(record, { timestamp: start + second * 1000 }), new Date('2027-01-01T00:00:00Z'));

/** Returns the mentions after these records. The day is that of the record that was read first, whichever it is. */
function mentionsAfter(records: readonly Timed[]): Record<string, Omit<Mention, 'day'>> {
  const mentions = new Map<string, Mention>();
  for (const { id, apply } of records.map(rowAt).flatMap(changesOf)) mentions.set(id, apply(mentions.get(id)));
  return Object.fromEntries([...mentions].map(([id, { day, ...mention }]) => [id, mention]));
}

/** Merges what partitions hold, each in its order, as the choices say. */
function merged(partitions: readonly (readonly Timed[])[], choices: readonly number[]): Timed[] {
  const left = partitions.map((records) => [...records]);
  const all: Timed[] = [];
  for (let turn = 0; left.some((records) => records.length > 0); turn += 1) {
    const open = left.filter((records) => records.length > 0);
    const next = open[(choices[turn % choices.length] ?? 0) % open.length]?.shift();
    if (next) all.push(next);
  }
  return all;
}

const verdicts: Readonly<Record<MentionState, string>> = {
  ...{ waiting: 'waiting', unrouted: 'not-paged', late: 'shared', delivered: 'paged', joined: 'joined' },
  ...{
    undeliverable: 'not-paged',
    superseded: 'not-paged',
    resolved: 'paged resolved',
    unresolved: 'paged unresolved',
  },
};

/** Returns what a trace says of the page, in one word. */
function verdictOf(partitions: readonly (readonly Timed[])[]): string | undefined {
  const hops = partitions.flatMap((records) =>
    records.map(({ record, second }, offset) => hopOf(asRead(record, { offset, timestamp: start + second * 1000 }))),
  );
  const { sourceOrg, alertKey } = about;
  const sources = { sourceOrg, alertKey, hops, connections: new Map(), missing: [], keptSince: new Map() };
  const { events } = traceOf(sources, [], new Date('2027-01-01T00:00:00Z'));
  const handle = events
    .flatMap(({ handles }) => handles)
    .find(({ pages }) => pages.some((page) => page.pageId === pageId));
  return handle && wordOf(handle.verdict);
}

const told = (word = 'paged', closedThereAt?: string, takenAt?: string): string =>
  [word, closedThereAt, takenAt && `taken ${takenAt}`].filter(Boolean).join(' ');

/** Returns what a list says of the page, in the words of `verdictOf`. */
function listed({ state, closedThereAt, takenAt }: Mention): string {
  const word = closedThereAt ? 'paged closed-there' : verdicts[state];
  return word.startsWith('paged') ? told(word, closedThereAt?.toISOString(), takenAt?.toISOString()) : word;
}

function wordOf(verdict: Verdict): string {
  if (verdict.kind === 'paged') {
    const { end, taken } = verdict;
    return told(end && `paged ${end.kind}`, end?.kind === 'closed-there' ? end.at : undefined, taken?.at);
  }
  return verdict.kind === 'not-paged' && verdict.why.startsWith('it joined') ? 'joined' : verdict.kind;
}

const seconds = fc.uniqueArray(fc.integer({ min: 1, max: 1000 }), { minLength: 0, maxLength: 6 });
/** Outcomes at these times; a page is replayed only after it was given up. */
const outcomesAt = (times: readonly number[], kinds: readonly Fate[]) =>
  fc
    .tuple(...times.map(() => fc.constantFrom(...kinds)))
    .map((chosen) =>
      chosen.map((kind, n) => ({ record: outcomeRecord(kind, times[n] ?? 0, n), second: times[n] ?? 0 })),
    );
const once = [{ record: commandRecord(), second: 0 }];
const inOrder = seconds.map((times) => times.toSorted((a, b) => a - b));
/** `later`: the times of outcomes after a replay. */
const storyWith = (later: fc.Arbitrary<number[]>) =>
  fc.tuple(inOrder, later, fc.boolean()).chain(([first, second, isReplayed]) => {
    const after = isReplayed ? second.map((time) => time + 1600) : [];
    const before = outcomesAt(first, after.length > 0 ? ['retried', 'undeliverable'] : fates);
    return fc.record({
      outcomes: fc.tuple(before, outcomesAt(after, fates)).map((parts) => parts.flat()),
      letters: fc.constantFrom<Timed[]>([], [{ record: deadLetter, second: 1001 }]),
      commands: fc.constant<Timed[]>(isReplayed ? [...once, { record: replay, second: 1500 }] : once),
      unrouted: fc.constantFrom<Timed[]>([], [{ record: unrouted, second: 0 }]),
      choices: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
    });
  });

describe('the mentions of an alert', () => {
  it('are the same in whatever order topics are read', () => {
    fc.assert(
      fc.property(storyWith(fc.constant([])), ({ choices, ...partitions }) => {
        const all = Object.values(partitions);
        expect(mentionsAfter(merged(all, choices))).toEqual(mentionsAfter(merged(all, [0])));
      }),
      { numRuns: 500 },
    );
  });

  it.each<[string, Timed[], Partial<Mention>]>([
    [
      'is waiting for its destination',
      [{ record: commandRecord(), second: 0 }],
      { state: 'waiting', title: 'High memory' },
    ],
    [
      'was retried',
      [
        { record: commandRecord(), second: 0 },
        { record: outcomeRecord('retried', 1, 1), second: 1 },
      ],
      { state: 'waiting', reason: 'network', attempts: 1 },
    ],
    [
      'is open although its resolve failed',
      [
        { record: outcomeRecord('delivered', 1, 1), second: 1 },
        { record: outcomeRecord('retried', 2, 2), second: 2 },
      ],
      { state: 'delivered', acceptedAt: new Date(start + 1000), destinationPageId: 'd-1' },
    ],
    [
      'is resolved, although it is told again that it was delivered',
      [
        { record: outcomeRecord('delivered', 1, 1), second: 1 },
        { record: outcomeRecord('resolved', 2, 2), second: 2 },
        { record: outcomeRecord('delivered', 3, 1), second: 3 },
      ],
      { state: 'resolved', stateAt: new Date(start + 2000) },
    ],
    [
      'is open and was taken, once, whatever else is told of it',
      [
        { record: outcomeRecord('delivered', 1, 1), second: 1 },
        { record: outcomeRecord('acknowledged', 2, 1), second: 2 },
        { record: outcomeRecord('acknowledged', 3, 1), second: 3 },
        { record: outcomeRecord('retried', 4, 2), second: 4 },
      ],
      { state: 'delivered', stateAt: new Date(start + 1000), takenAt: new Date(start + 2000) },
    ],
    [
      'was closed there, although it is told later that it was taken',
      [
        { record: outcomeRecord('delivered', 1, 1), second: 1 },
        { record: outcomeRecord('closed-there', 2, 0), second: 3 },
        { record: outcomeRecord('acknowledged', 1, 1), second: 4 },
      ],
      { state: 'resolved', closedThereAt: new Date(start + 2000), takenAt: new Date(start + 1000) },
    ],
    ['is a dead letter', [{ record: deadLetter, second: 1 }], { state: 'undeliverable', reason: 'too-old' }],
    [
      'waits again, since its dead letter was replayed',
      [
        { record: outcomeRecord('undeliverable', 1, 3), second: 1 },
        { record: replay, second: 2 },
      ],
      { state: 'waiting', attempts: 0, reason: null },
    ],
  ])('say that a page %s', (_what, records, expected) => {
    const pages = Object.values(mentionsAfter(records)).filter((mention) => mention.pageId === pageId);
    expect(pages).toEqual([expect.objectContaining(expected)]);
  });

  it('say of each page what its trace says', () => {
    fc.assert(
      fc.property(storyWith(inOrder), ({ choices, ...partitions }) => {
        const all = merged(Object.values(partitions), choices);
        const mention = Object.values(mentionsAfter(all)).find((one) => one.pageId === pageId) as Mention;
        expect(verdictOf(Object.values(partitions))).toBe(listed(mention));
      }),
      { numRuns: 1000 },
    );
  });

  it('say of an unknown handle that its page came late', () => {
    const mentions = mentionsAfter([
      { record: unrouted, second: 0 },
      { record: commandRecord(), second: 5 },
    ]);
    expect(Object.values(mentions).map(({ state }) => state)).toEqual(['late', 'waiting']);
  });
});
