import { describe, expect, it } from '@jest/globals';
import type { Hop } from '@pagebridge/trace/words';
import { after, isAccepted, isOver, stepsOf } from './steps.ts';

const sentAt = '2026-11-30T12:00:00.000Z';
const hop = (kind: Hop['kind'], second: number, said: object) =>
  ({ topic: 't', partition: 0, offset: 0, at: `2026-11-30T12:00:0${second}.000Z`, kind, ...said }) as unknown as Hop;
const alert = hop('alert', 0, {});
const page = hop('page', 1, { command: { pageId: 'p1' } });
const outcome = (name: string, second: number, its: object = {}) =>
  hop('outcome', second, { outcome: { outcome: name, attempts: 1, ...its } });
const delivered = outcome('delivered', 2, { destinationPageId: 'd7' });

const shown = (...hops: readonly Hop[]) =>
  stepsOf(sentAt, hops, 'Globex').map(({ state, word, text }) => [word ?? state, text].join(' ').trim());

describe('the steps of a test page', () => {
  const commanded = 'Routed by page-routing: page p1';
  const accepted = 'Accepted by Globex, as d7';

  it('appear as they are taken, with the one that is awaited', () => {
    expect(shown(alert)).toEqual(['Sent', 'waiting for page-routing']);
    expect(shown(alert, page)).toEqual(['Sent', commanded, 'waiting for Globex to accept the page']);
    expect(shown(alert, page, delivered)).toEqual(['Sent', commanded, accepted, 'waiting for the resolution']);
    expect(shown(alert, page, delivered, outcome('resolved', 3))).toEqual(['Sent', commanded, accepted, 'Resolved']);
  });

  it('say why nobody is paged, or not yet, or why a page is still open', () => {
    expect(shown(alert, hop('unrouted', 1, { unrouted: { detail: 'It is unknown.' } })).at(-1)).toBe(
      'not-paged It is unknown.',
    );
    const retried = outcome('retried', 2, { attempts: 3, detail: 'The keys are refused.' });
    expect(shown(alert, page, retried).at(-1)).toBe('Not accepted after 3 attempts. The keys are refused.');
    expect(stepsOf(sentAt, [page, retried], 'Globex').at(-1)?.state).toBe('waiting');
    expect(stepsOf(sentAt, [page, retried, outcome('undeliverable', 3)], 'Globex').at(-1)?.state).toBe('failed');
    expect(shown(alert, page, delivered, outcome('unresolved', 3, { detail: 'Gone.' })).at(-1)).toBe(
      'Still open Gone.',
    );
  });

  it('say when a test page is accepted, and when it is over', () => {
    expect([isAccepted([alert, page]), isAccepted([alert, page, delivered])]).toEqual([false, true]);
    expect([isOver([page, delivered]), isOver([page, delivered, outcome('resolved', 3)])]).toEqual([false, true]);
    // It was resolved before it was accepted.
    expect(isOver([page, outcome('superseded', 2)])).toBe(true);
  });

  it.each([
    ['2026-11-30T12:00:00.084Z', '+84 ms'],
    ['2026-11-30T12:00:01.250Z', '+1.3 s'],
    // Clocks differ.
    ['2026-11-30T11:59:59.900Z', '+0 ms'],
  ])('have their time since the first: %s is %s', (at, text) => {
    expect(after(sentAt, at)).toBe(text);
  });
});
