import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { Alerts, PageCommands } from '@pagebridge/contracts';
import type { Bus } from './kafka-bus.ts';
import type { Letter } from './letters/letter.ts';
import { aCommandAt, aConnectionAt, anAlertAt, at, now, parked, parkedBatch } from './letters/letters.fixtures.ts';
import type { StoredRecord } from './letters/record.ts';
import type { Selection } from './letters/selection.ts';
import { History } from './plan/history.ts';
import { replayOf } from './plan/replay-record.ts';
import { preview as previewOf, TooManyLetters } from './preview.ts';
import { whyOf } from './words.ts';

afterEach(() => void jest.restoreAllMocks());

/** Returns a Kafka that holds `records`; each parked batch opens to `inBatch`. */
const busOf = (records: readonly StoredRecord[], inBatch: readonly StoredRecord[]): Bus => ({
  read: async (topics, onRecord) => {
    for (const record of records) if (topics.includes(record.topic)) onRecord(record);
  },
  openBatch: async () => ({ records: inBatch }),
  publish: async () => [],
  audit: async () => undefined,
  close: async () => undefined,
});

/** Returns the decisions of a preview, and the number of dead letters that the preview kept in memory. */
async function preview(records: readonly StoredRecord[], selection: Selection, inBatch?: readonly StoredRecord[]) {
  const replayedAt = jest.spyOn(History.prototype, 'replayedAt');
  const options = { forceNewPage: false, reopenAfterMs: 0, maxBatchBytes: inBatch && 1024 };
  const planned = await previewOf(busOf(records, inBatch ?? []), Alerts.card.topic, selection, options, now);
  // A plan calls `replayedAt` for each letter that it holds.
  const held = new Set(replayedAt.mock.calls.map(([{ name }]) => name)).size;
  return { decisions: planned.map(({ decision }) => (decision.kind === 'skip' ? decision.reason : 'replay')), held };
}

const alertOf = (sourceOrg: string, minute: number, offset: number, alertKey = 'disk'): StoredRecord => ({
  ...anAlertAt(at(`12:${minute}`), offset, { sourceOrg, alertKey }),
  key: Buffer.from(`${sourceOrg}/${alertKey}`),
});
const sent = (letter: Letter): StoredRecord => ({
  ...replayOf(letter, letter.record, { now, forceNewPage: false }),
  partition: 0,
  offset: 99,
  timestamp: now.getTime(),
});

const [older, newer] = [parked(alertOf('acme-us', 10, 0), 0), parked(alertOf('acme-us', 20, 1), 1)] as const;
const noise = Array.from({ length: 1000 }, (_, n) => parked(alertOf('noisy', 30, n, `monitor-${n}`), 10 + n).record);

describe('a preview of some dead letters', () => {
  it('holds no letters of other alerts, however many there are', async () => {
    expect(await preview([...noise, older.record], { recordKey: 'acme-us/*' })).toEqual({
      decisions: ['replay'],
      held: 1,
    });
  });

  it('ends before it holds more other letters of its alerts than it may', async () => {
    const options = { forceNewPage: false, reopenAfterMs: 0, maxBatchBytes: undefined, maxOthers: 1 };
    const bus = busOf([older.record, newer.record, parked(alertOf('acme-us', 30, 2), 2).record], []);
    const planned = previewOf(bus, Alerts.card.topic, { names: new Set([older.name]) }, options, now);
    await expect(planned).rejects.toThrow(TooManyLetters);
  });

  it('takes other letters of the same alert into account, wherever in the topic they are', async () => {
    const known = await preview([newer.record, ...noise, older.record, sent(newer)], { offset: 0 });
    expect(known).toEqual({ decisions: ['collapsed'], held: 2 });
  });

  it('takes other letters of the alerts in an opened batch into account, whatever their key', async () => {
    const inBatch = [alertOf('acme-us', 10, 40)];
    const batch = parkedBatch(inBatch, 4);
    const other = { ...newer.record, key: Buffer.from('another') };
    const records = [other, ...noise, batch.record, { ...sent(newer), key: other.key }];
    expect(await preview(records, { reason: ['undecodable-batch'] }, inBatch)).toEqual({
      decisions: ['collapsed'],
      held: 2,
    });
  });

  it('knows from the topic of connections that page-delivery would give the page up again', async () => {
    const letter = parked(aCommandAt(at('12:00'), 1), 0);
    const options = { forceNewPage: false, reopenAfterMs: 0, maxBatchBytes: undefined };
    const whyOver = async (connection: StoredRecord) => {
      const bus = busOf([letter.record, connection], []);
      const [planned] = await previewOf(bus, PageCommands.card.topic, {}, options, now);
      return planned && whyOf(planned.decision);
    };
    expect(await whyOver(aConnectionAt(0))).toBe('a new attempt to page the team');
    expect(await whyOver(aConnectionAt(0, { enabled: false }))).toBe(
      'becomes a dead letter again: connection-disabled: The connection is disabled. Enable it to page the team.',
    );
  });
});
