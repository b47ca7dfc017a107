import { describe, expect, it } from '@jest/globals';
import { type FaultMatch, Faults, type Request } from './faults.ts';

const create: Request = {
  method: 'POST',
  path: '/api/v2/on-call/pages',
  listener: 'paging',
  body: '{"title":"refuse me"}',
};
const fault = { kind: 'reset' } as const;

describe('a fault switch', () => {
  it.each<[FaultMatch, boolean]>([
    [{}, true],
    [{ method: 'post' }, true],
    [{ method: 'GET' }, false],
    [{ listener: 'api' }, false],
    [{ path: '/api/v2/on-call/pages' }, true],
    [{ path: '/api/v2/on-call/page' }, false],
    [{ path: '/api/v2/*' }, true],
    [{ path: '*pages' }, true],
    [{ path: '/api/v..on-call/pages' }, false],
    [{ body: 'refuse me' }, true],
    [{ body: 'take me' }, false],
    [{ path: '/api/v2/on-call/pages', method: 'POST', listener: 'paging' }, true],
  ])('that matches %j catches the creation of a page: %s', (match, caught) => {
    const faults = new Faults();
    faults.add([{ match, fault }]);
    expect(faults.strike(create).fault).toEqual(caught ? fault : undefined);
  });

  it('strikes the given number of times, and then the next switch strikes', () => {
    const faults = new Faults();
    faults.add([
      { match: {}, times: 2, fault },
      { match: {}, fault: { kind: 'empty' } },
    ]);
    const struck = [1, 2, 3, 4].map(() => faults.strike(create).fault?.kind);
    expect(struck).toEqual(['reset', 'reset', 'empty', 'empty']);
    expect(faults.all()).toMatchObject([{ hits: 2, left: 0 }, { hits: 2 }]);
  });

  it('with a delay combines with another switch', () => {
    const faults = new Faults();
    faults.add([{ match: {}, fault: { kind: 'latency', ms: 5 } }]);
    faults.add([{ match: {}, fault: { kind: 'latency', ms: 7 } }]);
    faults.add([{ match: {}, fault }]);
    expect(faults.strike(create)).toEqual({ delayMs: 12, fault });
    faults.clear();
    expect(faults.strike(create)).toEqual({ delayMs: 0, fault: undefined });
  });
});
