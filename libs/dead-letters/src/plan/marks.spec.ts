import { describe, expect, it } from '@jest/globals';
import { Alerts, PageCommands, PageStates } from '@pagebridge/contracts';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import type { Candidate } from '../letters/batch.ts';
import { knownOf, labelOf } from '../letters/letter.ts';
import { letterAsJson } from '../letters/letter-as-json.ts';
import { aCommandAt, anAlertAt, aStateAt, at, now, parked } from '../letters/letters.fixtures.ts';
import type { StoredRecord } from '../letters/record.ts';
import { plannedAsJson } from '../words.ts';
import { History } from './history.ts';
import { plan } from './plan.ts';
import { replayOf } from './replay-record.ts';

const options = { reopenAfterMs: 60 * 60_000, forceNewPage: false };
const planned = (letters: readonly Candidate[], records: readonly StoredRecord[]) => {
  const history = new History(letters, letters, now);
  for (const record of records) history.read(record);
  return plan(letters, letters, history, options, now);
};
const decisionOf = (letters: readonly Candidate[], records: readonly StoredRecord[]) => {
  const [first] = planned(letters, records);
  return first?.decision.kind === 'skip' ? first.decision.reason : first?.decision.kind;
};

const original = anAlertAt(at('12:00'), 1);
const letter = parked(original, 3);
const replay: StoredRecord = {
  ...replayOf(letter, letter.record, { now, forceNewPage: false }),
  partition: 0,
  offset: 99,
  timestamp: now.getTime(),
};
const marked = (its: Partial<StoredRecord>, headers: StoredRecord['headers'] = {}): StoredRecord => ({
  ...replay,
  ...its,
  headers: { ...replay.headers, ...headers },
});

describe('a replay mark', () => {
  it('counts on a record with the bytes of its dead letter, in the topic from which the letter was parked', () => {
    expect(decisionOf([letter], [replay])).toBe('replayed');
    expect(decisionOf([letter], [marked({ topic: PageCommands.card.topic })])).toBe('replay');
    expect(decisionOf([letter], [marked({ value: anAlertAt(at('12:00'), 1).value })])).toBe('replay');
    expect(decisionOf([letter], [marked({ key: Buffer.from('acme-us/other') })])).toBe('replay');
    expect(decisionOf([letter], [marked({ key: null, value: null })])).toBe('replay');
  });

  it('does not count on the original record, even if its producer guessed the name of the dead letter', () => {
    const guessed = parked({ ...original, headers: { ...original.headers, 'x-replayed-from': letter.name } }, 3);
    expect(decisionOf([guessed], [marked({ offset: 1 })])).toBe('replay');
    expect(decisionOf([guessed], [marked({ offset: 2 })])).toBe('replayed');
  });

  it('counts also at the place of the original if only the mark proves it: the topic may have been created anew', () => {
    expect(decisionOf([letter], [marked({ offset: 1 })])).toBe('replayed');
  });

  it.each([
    ['null', null],
    ['repeated', [Buffer.from(letter.name), null]],
    ['empty', Buffer.alloc(0)],
    ['of 1 MB', Buffer.alloc(1_000_000, letter.name)],
    ['no UTF-8', Buffer.from([0xff, 0xc3, 0x28])],
  ])('that is %s disturbs nothing', (what, mark) => {
    const record = marked({}, { 'x-replayed-from': mark as Buffer, 'x-replayed-at': mark as Buffer });
    expect(decisionOf([letter], [record])).toBe(what === 'repeated' ? 'replayed' : 'replay');
  });

  it('counts whatever its timestamps are', () => {
    for (const timestamp of [Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, -1, 0]) {
      expect(decisionOf([letter], [marked({ timestamp }, { 'x-replayed-at': 'tomorrow' })])).toBe('replayed');
    }
  });
});

describe('a recovery whose record has an absurd timestamp', () => {
  it('counts from the time that its source gives', () => {
    const recovery = anAlertAt(at('12:30'), 5, { transition: 'recovered' });
    for (const timestamp of [Number.MAX_SAFE_INTEGER, -1, 0]) {
      expect(decisionOf([letter], [{ ...recovery, timestamp }])).toBe('recovered');
    }
  });
});

describe('for whatever producers write', () => {
  const bytes = fc.uint8Array({ maxLength: 40 }).map((it) => Buffer.from(it));
  const one = fc.oneof(bytes, fc.constant(null));
  const headers = fc.dictionary(
    fc.oneof(
      fc.constantFrom(
        'x-replayed-from',
        'x-replayed-at',
        'x-force-new-page',
        'x-dlq-stub',
        'traceparent',
        'content-type',
      ),
      fc.constantFrom('x-dlq-failed-at', 'x-dlq-offset', 'x-dlq-partition', 'x-dlq-reason', '__proto__'),
      fc.string(),
    ),
    fc.oneof(one, fc.array(one, { maxLength: 3 })),
    { maxKeys: 6 },
  );
  const time = fc.oneof(
    fc.constantFrom(Number.MAX_SAFE_INTEGER, Number.MIN_SAFE_INTEGER, 8.64e15, -1, 0),
    fc.maxSafeInteger(),
    fc.integer({ min: at('11:00').getTime(), max: now.getTime() }),
  );
  const content = fc.oneof(
    fc.record({ minute: fc.nat(59), alertKey: fc.constantFrom('a', 'b'), isDown: fc.boolean() }).map((it) => {
      const transition = it.isDown ? ('triggered' as const) : ('recovered' as const);
      return anAlertAt(new Date(at('12:00').getTime() + it.minute * 60_000), 0, { alertKey: it.alertKey, transition });
    }),
    fc.nat(59).map((minute) => aCommandAt(new Date(at('12:00').getTime() + minute * 60_000), 0, { alertKey: 'a' })),
    fc.constant(aStateAt(0, { alertKey: 'a', recoveredAt: at('12:30').toISOString() })),
    fc.record({ key: fc.option(bytes), value: fc.option(bytes) }).map((it) => ({ ...original, ...it })),
  );
  const records = fc.array(
    fc.record({
      content,
      headers,
      timestamp: time,
      isDead: fc.boolean(),
      /** Has the bytes of that other record. */
      again: fc.option(fc.nat(11)),
      /** Carries the replay mark of the dead letter of that record. */
      mark: fc.option(fc.nat(11)),
    }),
    { maxLength: 12 },
  );

  it('no preview throws, and no dead letter counts as replayed unless its own bytes were sent again', () => {
    fc.assert(
      fc.property(records, (drawn) => {
        const written = drawn.map(({ content, headers, timestamp, again, mark }, offset): StoredRecord => {
          const { topic, key, value } = (again === null ? undefined : drawn[again])?.content ?? content;
          const from = `${deadLetterTopicOf(topic)}/0/${mark}`;
          const marks = mark === null ? {} : { 'x-replayed-from': Buffer.from(from) };
          return {
            topic,
            key,
            value,
            headers: { ...content.headers, ...headers, ...marks },
            timestamp,
            partition: 0,
            offset,
          };
        });
        const dead = written.flatMap((record, offset) => {
          if (!drawn[offset]?.isDead || record.topic === PageStates.card.topic) return [];
          const origin = { 'x-dlq-partition': '0', 'x-dlq-offset': String(offset) };
          return [{ ...record, topic: deadLetterTopicOf(record.topic), headers: { ...record.headers, ...origin } }];
        });
        for (const topic of [Alerts, PageCommands].map(({ card }) => card.topic)) {
          const letters = dead
            .filter((record) => record.topic === deadLetterTopicOf(topic))
            .map((record) => ({ ...knownOf(record, now), record, detail: '' }));
          const preview = planned(letters, written);
          JSON.stringify([preview.map(plannedAsJson), letters.map(letterAsJson)]);
          for (const { letter, decision } of preview) {
            if (decision.kind !== 'skip' || decision.reason !== 'replayed' || !('record' in letter)) continue;
            const { key, value } = letter.record;
            const same = written.filter(
              (it) =>
                it.topic === topic &&
                String(it.key) === String(key) &&
                Buffer.compare(bytesOf(it.value), bytesOf(value)) === 0,
            );
            const isOriginal = (it: StoredRecord) =>
              it.partition === letter.origin.partition && it.offset === letter.origin.offset;
            expect(same.some((it) => !isOriginal(it))).toBe(true);
          }
        }
        for (const record of written) expect(typeof labelOf(record, now).failedAt).toBe('number');
      }),
      { numRuns: 500 },
    );
  });

  const bytesOf = (value: Buffer | null): Buffer => value ?? Buffer.from('null');
});
