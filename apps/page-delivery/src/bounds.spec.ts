import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import {
  type AlertState,
  contractOf,
  maxValueBytes,
  type PageCommand,
  PageCommands,
  PageOutcomes,
  type PageState,
  PageStates,
} from '@pagebridge/contracts';
import type { OutgoingRecord } from '@pagebridge/kafka';
import { type Answer, reported } from '@pagebridge/page-lifecycle';
import { aConnection, atBounds } from '@pagebridge/testing';
import fc from 'fast-check';
import type { TSchema } from 'typebox';
import { defaultPolicy } from '../../../libs/page-lifecycle/src/attempts/policy.fixtures.ts';
import {
  applyAnswer,
  begin,
  decide,
  giveUp,
  stateIn,
  unreportedOutcomes,
} from '../../../libs/page-lifecycle/src/changes.fixtures.ts';
import { aResolve, at, received } from '../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { letterOf } from './outbound/dead-letter.ts';

// The default maximum size of a record batch on a broker.
const maxMessageBytes = 1_048_588;
const batchAndRecordOverhead = 61 + 26;

const sizeOf = ({ key, value, headers }: OutgoingRecord): number =>
  [key ?? '', value ?? '', ...Object.entries(headers).flat()].reduce<number>(
    (sum, part) => sum + Buffer.byteLength(String(part)) + 10,
    batchAndRecordOverhead,
  );

function expectToFit(record: OutgoingRecord): void {
  expect(Buffer.byteLength(record.value ?? '')).toBeLessThanOrEqual(maxValueBytes);
  expect(sizeOf(record)).toBeLessThanOrEqual(maxMessageBytes);
}

/** The contract of the ledger, with the limits that apply to writes also for reads. */
const Ledger = contractOf({ ...PageStates.card, readUnbounded: false }) as typeof PageStates;
const key = `${'s'.repeat(63)}/${'😀'.repeat(512)}`;
const [sourceOrg = '', alertKey = ''] = key.split('/');
// A control character takes six bytes in JSON, more than any other character that a source may write.
const worst = (length: number) => '\u0001'.repeat(length);
const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

function expectSameFromLedger(state: AlertState): void {
  const attributes = { id: '1'.repeat(36), source: '/pagebridge/page-delivery', time: state.updatedAt };
  const most = Number.MAX_SAFE_INTEGER;
  const outcomeWatermark = { write: most, before: most };
  const record = Ledger.encode(key, attributes, { ...state, ownerEpoch: most, write: most, outcomeWatermark });
  expectToFit(record);
  const read = Ledger.decode(record);
  if (!read.ok) throw new Error(read.detail);
  expect(isDeepStrictEqual(stateIn(read.event.data), { ...state, ownerEpoch: most })).toBe(true);
}

/** Returns the record of the command of a page, or of the page that it backs. */
function commandRecordOf({ pageId, failoverOf }: PageState, command: PageCommand) {
  const data = { ...command, pageId: failoverOf?.pageId ?? pageId };
  const attributes = { id: worst(256), source: worst(512), time: '2200-12-31T23:59:59.123456789-23:59', traceparent };
  const { value, headers } = PageCommands.encode(key, attributes, data);
  const place = { topic: PageCommands.card.topic, partition: 11, offset: Number.MAX_SAFE_INTEGER, timestamp: 0 };
  const record = { ...place, key: Buffer.from(key), value: Buffer.from(value ?? ''), headers };
  return { record, event: { ...attributes, type: PageCommands.card.eventType, data } };
}

function expectOutcomesToFit(state: AlertState, command: PageCommand): void {
  for (const unreported of unreportedOutcomes(state)) {
    const { page, outcome } = unreported;
    const attributes = { id: page.pageId, source: '/pagebridge/page-delivery', time: outcome.at, traceparent };
    const record = PageOutcomes.encode(key, attributes, outcome);
    expectToFit(record);
    expect(PageOutcomes.decode(record)).toMatchObject({ ok: true, event: { data: outcome } });
    if (outcome.outcome !== 'undeliverable') continue;
    const letter = letterOf(11, unreported, commandRecordOf(page, command));
    expectToFit(letter);
    expect(PageCommands.decode(letter)).toMatchObject({ ok: true, event: { data: { pageId: page.pageId } } });
  }
}

const [pageSchema] = (PageCommands.card.value as unknown as { oneOf: [TSchema, TSchema] }).oneOf;
/** Generates page commands at the limits of the contract. */
const aCommand = atBounds<PageCommand>(pageSchema).map((data) => {
  const read = PageCommands.decode(
    PageCommands.encode(key, { id: '1', source: '/s', time: '2026-01-31T12:00:00Z' }, { ...data, sourceOrg, alertKey }),
  );
  if (!read.ok) throw new Error(read.detail);
  return read.event.data as PageCommand;
});

const longest = aConnection({ slug: 's'.repeat(63), sourceOrg });
const connectionOf = () => longest;
const failed: Answer = {
  kind: 'failed',
  cause: 'network',
  detail: '€'.repeat(2000),
  mayHaveCreated: true,
  waitMs: 3_600_000,
};
const created: Answer = { kind: 'created', destinationPageId: '€'.repeat(256) };
// Late enough for both limits of a failover.
const later = new Date(at('12:00').getTime() + 14_400_000);

/** Returns a generated command as the n-th of its alert: with its own page id and its own team. */
const asNth = (command: PageCommand, n: number, its: Partial<PageCommand> = {}): PageCommand => ({
  ...command,
  pageId: `${n}`.padStart(64, '0'),
  teamId: `${n}${command.teamId}`.slice(0, 64).toWellFormed(),
  ...its,
});

const asTaken = (command: PageCommand, isReplay: boolean) => ({
  ...received(command, Number.MAX_SAFE_INTEGER),
  time: '2200-12-31T23:59:59.123456789-23:59',
  traceparent,
  ...(isReplay ? { replay: { from: worst(320), possibleDuplicate: true } } : {}),
});

/** Adds pages until there is no room; each fails, fails over, and is joined as often as the state records. */
function* lifeOf(commands: readonly PageCommand[], isReplay: boolean, sameEvent: boolean): Generator<AlertState> {
  let state: AlertState | undefined;
  const nth = (n: number, its: Partial<PageCommand> = {}) => {
    const command = commands[n % commands.length] as PageCommand;
    const alertEventId = sameEvent ? command.alertEventId : `${n}${command.alertEventId}`.slice(0, 256).toWellFormed();
    return asTaken(asNth(command, n, { alertEventId, urgency: 'high', ...its }), isReplay);
  };
  let count = 0;
  for (; count < 250; count += 1) {
    const decision = decide(state, nth(count), at('12:00'), defaultPolicy);
    state = decision.state;
    if (decision.refused) break;
  }
  if (!state) return;
  yield state;
  const untried = () => state?.pages.find(({ status, attempts }) => status === 'pending' && attempts === 0);
  for (let page = untried(); page; page = untried()) {
    state = applyAnswer(begin(state, page.pageId, later), page.pageId, failed, later, connectionOf);
  }
  yield state;
  for (let n = 0; n < count; n += 1) {
    for (let again = 0; again < 12; again += 1) {
      const pageId = `j${n}-${again}-`.padEnd(64, 'j');
      state = decide(state, nth(n, { pageId }), later, defaultPolicy).state;
    }
  }
  yield state;
  for (const [n, { pageId }] of state.pages.entries()) {
    if (n % 2 === 0) state = giveUp(state, pageId, 'too-old', '€'.repeat(2000), later, connectionOf);
    else state = applyAnswer(begin(state, pageId, later), pageId, created, later, connectionOf);
  }
  yield state;
  const recovery = aResolve({ sourceOrg, alertKey, alertEventId: worst(256), occurredAt: later.toISOString() });
  state = decide(state, received(recovery), later, defaultPolicy).state;
  yield state;
  for (const { pageId } of state.pages) state = applyAnswer(state, pageId, { kind: 'resolved' }, later);
  yield state;
  // All outcomes are published, and the alert triggers again.
  state = reported(
    state,
    unreportedOutcomes(state).map(({ outcome }) => outcome),
  );
  const after = new Date(later.getTime() + 60_000);
  for (let n = 0; n < 250; n += 1) {
    const again = nth(n, { pageId: `${n}`.padStart(64, 'x'), occurredAt: after.toISOString() });
    const decision = decide(state, again, after, defaultPolicy);
    state = decision.state;
    if (decision.refused) break;
  }
  yield state;
}

describe('any commands that the contract permits', () => {
  it('each have room in an alert', () => {
    fc.assert(
      fc.property(aCommand, fc.boolean(), (command, isReplay) => {
        const { state, refused } = decide(undefined, asTaken(command, isReplay), at('12:00'), defaultPolicy);
        expect(refused).toBeUndefined();
        expect(state.pages).toHaveLength(1);
      }),
    );
  });

  it('lead to a ledger record that can be written and is read as the same state, whatever happens to their pages', () => {
    fc.assert(
      fc.property(
        fc.array(aCommand, { minLength: 1, maxLength: 3 }),
        fc.boolean(),
        fc.boolean(),
        (commands, isReplay, sameEvent) => {
          for (const state of lifeOf(commands, isReplay, sameEvent)) {
            expectSameFromLedger(state);
            expectOutcomesToFit(state, commands[0] as PageCommand);
          }
        },
      ),
      { numRuns: 6 },
    );
  });
});
