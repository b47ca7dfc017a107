import { describe, expect, it } from '@jest/globals';
import { after, type Hop, isAccepted, isOver, stepsOf } from './steps.ts';

const sentAt = '2026-11-30T12:00:00.000Z';
const hop = (kind: Hop['kind'], second: number, said: object) =>
  ({ topic: 't', partition: 0, offset: 0, at: `2026-11-30T12:00:0${second}.000Z`, kind, ...said }) as unknown as Hop;
const alert = hop('alert', 0, {});
const page = hop('page', 1, { command: { pageId: 'p1' } });
const outcome = (name: string, second: number, its: object = {}) =>
  hop('outcome', second, { outcome: { outcome: name, attempts: 1, ...its } });
const delivered = outcome('delivered', 2, { destinationPageId: 'd7' });

const shown = (...hops: readonly Hop[]) =>
  stepsOf(sentAt, hops, 'Globex').map(({ state, what, detail }) => [state, what, detail]);

describe('the steps of a test page', () => {
  const sent = ['passed', 'Sent', undefined];
  const commanded = ['passed', 'Read by page-routing, page commanded', 'p1'];
  const accepted = ['paged', 'Accepted by Globex', 'd7'];

  it('appear as they are taken, with the one that is awaited', () => {
    expect(shown(alert)).toEqual([sent, ['waiting', 'Waits to be read by page-routing', undefined]]);
    expect(shown(alert, page)).toEqual([sent, commanded, ['waiting', 'Waits to be accepted by Globex', undefined]]);
    expect(shown(alert, page, delivered)).toEqual([
      sent,
      commanded,
      accepted,
      ['waiting', 'Waits to be resolved', undefined],
    ]);
    expect(shown(alert, page, delivered, outcome('resolved', 3))).toEqual([
      sent,
      commanded,
      accepted,
      ['resolved', 'Resolved', undefined],
    ]);
  });

  it('say why nobody is paged, or not yet', () => {
    expect(shown(alert, hop('unrouted', 1, { unrouted: { detail: 'It is unknown.' } })).at(-1)).toEqual([
      'not-paged',
      'Read by page-routing, pages nobody',
      'It is unknown.',
    ]);
    const retried = outcome('retried', 2, { attempts: 3, detail: 'the keys are refused' });
    expect(shown(alert, page, retried).at(-1)).toEqual([
      'waiting',
      'Not accepted after 3 attempts',
      'the keys are refused',
    ]);
    expect(shown(alert, page, retried, outcome('undeliverable', 3)).at(-1)?.[0]).toBe('failed');
    expect(shown(alert, page, delivered, outcome('unresolved', 3)).at(-1)?.[0]).toBe('warning');
  });

  it('say when a test page is accepted, and when it is over', () => {
    expect([isAccepted([alert, page]), isAccepted([alert, page, delivered])]).toEqual([false, true]);
    expect([isOver([page, delivered]), isOver([page, delivered, outcome('resolved', 3)])]).toEqual([false, true]);
  });

  it.each([
    ['2026-11-30T12:00:00.084Z', '+ 84 ms'],
    ['2026-11-30T12:00:01.250Z', '+ 1.3 s'],
    // Clocks differ.
    ['2026-11-30T11:59:59.900Z', '+ 0 ms'],
  ])('have their time since the first: %s is %s', (at, text) => {
    expect(after(sentAt, at)).toBe(text);
  });
});
