import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Letter } from '../letters/letter.ts';
import {
  aCommandAt,
  aLedgerPage,
  alertsTopic,
  anAlertAt,
  aStateAt,
  at,
  now,
  parked,
  unreadable,
} from '../letters/letters.fixtures.ts';
import type { StoredRecord } from '../letters/record.ts';
import { History } from './history.ts';
import { plan } from './plan.ts';
import { replayOf } from './replay-record.ts';

const pageId = 'pg_0123456789abcdef';
const options = { reopenAfterMs: 60 * 60_000, forceNewPage: false };

const planned = (selected: readonly Letter[], records: readonly StoredRecord[] = [], all = selected) => {
  const history = new History(selected, all, now);
  for (const record of records) history.read(record);
  return plan(selected, all, history, options, now);
};
const decisions = (selected: readonly Letter[], records: readonly StoredRecord[] = [], all = selected): string[] =>
  planned(selected, records, all).map(({ decision }) => (decision.kind === 'replay' ? 'replay' : decision.reason));
const sent = (letter: Letter, offset = 99): StoredRecord => {
  const record = replayOf(letter, letter.record, { now, forceNewPage: false });
  return { ...record, partition: 0, offset, timestamp: now.getTime(), headers: record.headers };
};

describe('a dead letter', () => {
  it('is replayed when no reason to skip it applies', () => {
    expect(decisions([parked(anAlertAt(at('12:00'), 1), 0)])).toEqual(['replay']);
    expect(decisions([parked(aCommandAt(at('12:00'), 1), 0)])).toEqual(['replay']);
  });

  it('is skipped when the present contract cannot decode it, with the decoding error', () => {
    const [nothing, half] = planned([unreadable(0), unreadable(1, Buffer.from('{"half'))]);
    expect(nothing?.decision).toMatchObject({ reason: 'unreadable', why: expect.stringContaining('null-value') });
    expect(half?.decision).toMatchObject({ reason: 'unreadable', why: expect.stringContaining('not-json') });
  });

  it('is skipped when it was replayed before', () => {
    const letter = parked(anAlertAt(at('12:00'), 1), 0);
    expect(decisions([letter], [sent(letter)])).toEqual(['replayed']);
  });

  it('is skipped when it is older than the retention of its topic', () => {
    expect(decisions([parked(anAlertAt(at('12:00'), 1), 0, { failedAt: new Date('2026-01-20T12:00:00Z') })])).toEqual([
      'too-old',
    ]);
  });

  it('is skipped when its alert has recovered since: in the alerts, the commands, the ledger or the dead letters', () => {
    const letter = parked(anAlertAt(at('12:00'), 1), 0);
    const recovery = anAlertAt(at('12:30'), 5, { transition: 'recovered' });
    expect(decisions([letter], [recovery])).toEqual(['recovered']);
    expect(decisions([letter], [aStateAt(0, { recoveredAt: at('12:30').toISOString() })])).toEqual(['recovered']);
    expect(decisions([letter], [], [letter, parked(recovery, 1)])).toEqual(['recovered']);
    expect(decisions([letter, parked(recovery, 1)])).toEqual(['recovered', 'replay']);
  });

  it('is replayed when the recovery was earlier, or of another alert', () => {
    const letter = parked(anAlertAt(at('12:00'), 1), 0);
    expect(decisions([letter], [anAlertAt(at('11:59'), 5, { transition: 'recovered' })])).toEqual(['replay']);
    const other = anAlertAt(at('12:30'), 5, { transition: 'recovered', alertKey: 'other' });
    expect(decisions([letter], [other])).toEqual(['replay']);
  });

  it('with the same time as a recovery is skipped only if the recovery is later in the log', () => {
    const letter = parked(anAlertAt(at('12:00'), 10), 0);
    expect(decisions([letter], [anAlertAt(at('12:00'), 11, { transition: 'recovered' })])).toEqual(['recovered']);
    expect(decisions([letter], [anAlertAt(at('12:00'), 9, { transition: 'recovered' })])).toEqual(['replay']);
  });

  it('with the same time as an earlier recovery in the log is replayed, whether or not that recovery was replayed first', () => {
    const recovery = parked(anAlertAt(at('12:00'), 0, { transition: 'recovered' }), 0);
    const letter = parked(anAlertAt(at('12:00'), 1), 1);
    expect(decisions([recovery, letter])).toEqual(['replay', 'replay']);
    expect(decisions([recovery, letter], [sent(recovery)])).toEqual(['replayed', 'replay']);
    expect(decisions([letter], [sent(recovery)])).toEqual(['replay']);
  });

  it('is not silenced by a recovery dated years ahead', () => {
    const letter = parked(anAlertAt(at('12:00'), 10), 0);
    const wrong = {
      ...anAlertAt(new Date('2036-01-01T00:00:00Z'), 3, { transition: 'recovered' }),
      timestamp: at('11:00').getTime(),
    };
    expect(decisions([letter], [wrong])).toEqual(['replay']);
  });

  it('is skipped when the ledger does not have its page as undeliverable', () => {
    const letter = parked(aCommandAt(at('12:00'), 1, { pageId }), 0);
    expect(decisions([letter], [aStateAt(0, { pages: [aLedgerPage({ pageId })] })])).toEqual(['not-given-up']);
    expect(decisions([letter], [aStateAt(0, { pages: [aLedgerPage({ pageId, status: 'undeliverable' })] })])).toEqual([
      'replay',
    ]);
  });
});

describe('several dead letters', () => {
  it('of one alert collapse to the newest trigger', () => {
    const letters = [at('12:00'), at('12:20'), at('12:10')].map((time, i) => parked(anAlertAt(time, i), i));
    expect(decisions(letters)).toEqual(['collapsed', 'replay', 'collapsed']);
  });

  it('of one alert that page different teams are all replayed', () => {
    const letters = ['team-1', 'team-2'].map((teamId, i) => parked(aCommandAt(at('12:00'), i, { teamId }), i));
    expect(decisions(letters)).toEqual(['replay', 'replay']);
  });

  it('of a page, its backup page and a page to the backup’s own team are all replayed', () => {
    const first = { connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', teamId: 'team-42', teamHandle: 'core-infra' };
    const other = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'team-7', teamHandle: 'operations' };
    const backup = { ...other, failoverOf: { ...first, pageId } };
    const letters = [{ ...first, pageId }, backup, other].map((its, i) => parked(aCommandAt(at('12:00'), i, its), i));
    expect(decisions(letters)).toEqual(['replay', 'replay', 'replay']);
  });

  it('are skipped if a newer one of the same subject was replayed, whatever is selected', () => {
    const [older, newer] = [parked(anAlertAt(at('12:00'), 0), 0), parked(anAlertAt(at('12:10'), 1), 1)] as const;
    expect(decisions([older, newer], [sent(newer)])).toEqual(['collapsed', 'replayed']);
    expect(decisions([older], [sent(newer)], [older, newer])).toEqual(['collapsed']);
  });

  it('of one page that failed again after a replay: the latest is replayed', () => {
    const command = aCommandAt(at('12:00'), 1, { pageId });
    const [first, again] = [parked(command, 0), parked(command, 4, { failedAt: at('15:00') })] as const;
    expect(decisions([first, again], [sent(first)])).toEqual(['replayed', 'replay']);
  });
});

describe('a replay', () => {
  it('has the original key, bytes, headers and partition, and names its dead letter', () => {
    const original = { ...anAlertAt(at('12:00'), 1), partition: 7 };
    const letter = parked({ ...original, headers: { ...original.headers, twice: ['a', 'b'], none: undefined } }, 3);
    const record = replayOf(letter, letter.record, { now, forceNewPage: false });
    expect(record).toMatchObject({ topic: alertsTopic, key: original.key, value: original.value, partition: 7 });
    const texts = Object.entries(record.headers).map(([name, value]) => [name, [value].flat().map(String)]);
    expect(Object.fromEntries(texts)).toEqual({
      ...Object.fromEntries(Object.entries(original.headers).map(([name, value]) => [name, [String(value)]])),
      twice: ['a', 'b'],
      none: [''],
      'x-replayed-from': [`${alertsTopic}.dead/7/3`],
      'x-replayed-at': [now.toISOString()],
    });
  });
});

describe('a replay of a letter with x-force-new-page that was parked again', () => {
  it('has x-force-new-page only if the new replay sets it', () => {
    const command = aCommandAt(at('12:00'), 1);
    const letter = parked({ ...command, headers: { ...command.headers, 'x-force-new-page': 'true' } }, 3);
    const headersOf = (forceNewPage: boolean) => replayOf(letter, letter.record, { now, forceNewPage }).headers;
    expect(headersOf(false)).not.toHaveProperty('x-force-new-page');
    expect(headersOf(true)).toHaveProperty('x-force-new-page', 'true');
  });
});

describe('for arbitrary dead letters, and a replay that is interrupted at any point', () => {
  const entries = fc.array(
    fc.record({
      kind: fc.constantFrom('trigger' as const, 'recovery' as const, 'command' as const, 'broken' as const),
      alertKey: fc.constantFrom('a', 'b', 'c'),
      teamId: fc.constantFrom('t1', 't2'),
      minute: fc.nat(59),
      isDead: fc.boolean(),
    }),
    { maxLength: 25 },
  );

  function worldOf(
    drawn: ReturnType<typeof fc.sample<typeof entries extends fc.Arbitrary<infer T> ? T : never>>[number],
  ) {
    const letters: Letter[] = [];
    const live: StoredRecord[] = [];
    for (const [offset, { kind, alertKey, teamId, minute, isDead }] of drawn.entries()) {
      const time = new Date(at('12:00').getTime() + minute * 60_000);
      const transition = kind === 'recovery' ? ('recovered' as const) : ('triggered' as const);
      const record =
        kind === 'command'
          ? aCommandAt(time, offset, { alertKey, teamId })
          : anAlertAt(time, offset, { alertKey, transition });
      if (kind === 'broken') letters.push(unreadable(offset));
      else if (isDead) letters.push(parked(record, offset));
      else live.push(record);
    }
    return { letters, live };
  }

  it('each subject is replayed at most once, in order, never after its recovery, and a second run sends nothing', () => {
    fc.assert(
      fc.property(entries, fc.array(fc.nat(5), { minLength: 1, maxLength: 6 }), (drawn, cuts) => {
        const { letters, live } = worldOf(drawn);
        const log = [...live];
        const replays: Letter[] = [];
        for (const cut of [...cuts, Number.POSITIVE_INFINITY]) {
          const going = planned(letters, log).filter(({ decision }) => decision.kind === 'replay');
          for (const { letter } of going.slice(0, cut)) {
            if (!('record' in letter)) continue;
            replays.push(letter);
            log.push(sent(letter, 100 + log.length));
          }
        }
        expect(planned(letters, log).filter(({ decision }) => decision.kind === 'replay')).toEqual([]);
        const subjects = replays.map(({ meaning }) => (meaning.ok ? meaning.value.subject : 'unreadable'));
        expect(new Set(subjects).size).toBe(subjects.length);
        // An interrupted replay sends in the end what an uninterrupted one sends.
        const whole = planned(letters, live).filter(({ decision }) => decision.kind === 'replay');
        expect(replays.map(({ name }) => name)).toEqual(whole.map(({ letter }) => letter.name));
      }),
      { numRuns: 200 },
    );
  });

  it('a trigger that is readable, recent, not recovered and the newest of its subject is replayed', () => {
    fc.assert(
      fc.property(entries, (drawn) => {
        const { letters, live } = worldOf(drawn);
        for (const { letter, decision } of planned(letters, live)) {
          if (!letter.meaning.ok || letter.meaning.value.kind !== 'trigger') continue;
          const { identity, subject, happenedAt } = letter.meaning.value;
          const recovered = drawn.some(
            (it) =>
              it.kind === 'recovery' &&
              `acme-us/${it.alertKey}` === identity &&
              at('12:00').getTime() + it.minute * 60_000 >= happenedAt,
          );
          const newer = letters.some(
            (it) =>
              it !== letter &&
              it.meaning.ok &&
              it.meaning.value.subject === subject &&
              it.meaning.value.happenedAt >= happenedAt,
          );
          if (!recovered && !newer) expect(decision.kind).toBe('replay');
        }
      }),
      { numRuns: 200 },
    );
  });
});
