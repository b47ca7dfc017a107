import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import fc from 'fast-check';
import { after, aPage } from '../commands/commands.fixtures.ts';
import { textBytes, waitingOf } from './heap-bytes.ts';
import { toIdleText } from './idle-text.ts';

it('the memory of a text is two bytes for each character if one of them needs two', () => {
  expect(textBytes('Disk full')).toBe(9);
  expect(textBytes('Größe')).toBe(5);
  expect(textBytes('Диск')).toBe(8);
});

describe('the memory of an alert with a waiting page', () => {
  const text = fc.oneof(fc.string({ maxLength: 100 }), fc.string({ unit: 'grapheme', maxLength: 100 }));
  const failover = fc.record({
    ...{ connectionId: fc.uuid(), teamId: text, teamHandle: text },
    afterSeconds: fc.integer({ min: 30, max: 86_400 }),
  });
  const commands = fc.array(
    fc.record({ title: text, alertEventId: text, teamHandle: text, teamId: fc.uuid(), failover }),
    { minLength: 1, maxLength: 5 },
  );

  it('is estimated no lower than what its text takes, whatever producers write', () => {
    fc.assert(
      fc.property(text, text, commands, (alertKey, lastError, its) => {
        const state = after(...its.map((command) => aPage({ alertKey, ...command })));
        const failing: AlertState = { ...state, pages: state.pages.map((page) => ({ ...page, lastError })) };
        expect(waitingOf(failing).bytes).toBeGreaterThanOrEqual(textBytes(alertKey) + textBytes(toIdleText(failing)));
      }),
    );
  });

  it('is nothing once no page waits', () => {
    const state = after(aPage());
    const delivered = state.pages.map((page) => ({ ...page, status: 'delivered' as const }));
    expect(waitingOf({ ...state, pages: delivered })).toEqual({ pages: 0, bytes: 0 });
  });
});
