import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Failure, RateLimit, Result } from '@pagebridge/destination';
import { PacedCalls } from './paced-calls.ts';

const settings = { attempts: 3, backoffMs: 100 };
const limit = (remaining: number, resetMs: number): RateLimit => ({ limit: 10, remaining, periodMs: 1000, resetMs });
const failure = (its: Partial<Failure>): Result<string> => ({
  ok: false,
  failure: { kind: 'retry', cause: 'server', detail: 'x', sent: true, ...its },
});
const good: Result<string> = { ok: true, value: 'good' };

let now: number;
let at: number[];
const clock = {
  elapsedMs: () => now,
  sleep: async (ms: number) => {
    now += ms;
  },
};
let calls: PacedCalls;

beforeEach(() => {
  now = 0;
  at = [];
  calls = new PacedCalls(settings, new AbortController().signal, clock);
});

const answering =
  (...answers: Result<string>[]) =>
  async () => {
    at.push(now);
    return answers.shift() ?? good;
  };

describe('paced calls', () => {
  it('wait for the reset when nothing remains', async () => {
    const first = await calls.call(answering({ ...good, rateLimit: limit(0, 5000) }));
    expect(first).toMatchObject({ ok: true });
    expect(await calls.call(answering())).toEqual(good);
    expect(at).toEqual([0, 5000]);
  });

  it('obey what a refusal asks for, as often as it takes', async () => {
    const refused = failure({ cause: 'rate-limited', retryAfterMs: 2000 });
    expect(await calls.call(answering(refused, refused, refused, refused, refused))).toEqual(good);
    expect(at).toEqual([0, 2000, 4000, 6000, 8000, 10_000]);
  });

  it('give a failing call up after its attempts, and a final answer at once', async () => {
    expect(await calls.call(answering(failure({}), failure({}), failure({ detail: 'third' }), good))).toMatchObject({
      failure: { detail: 'third' },
    });
    const permanent = failure({ kind: 'permanent', cause: 'not-found' });
    expect(await calls.call(answering(permanent))).toBe(permanent);
    expect(at).toHaveLength(4);
  });

  it('end at once when aborted, while waiting and while calling', async () => {
    const abort = new AbortController();
    const reason = new Error('enough');
    const shut = new PacedCalls(settings, abort.signal);
    await shut.call(answering({ ...good, rateLimit: limit(0, 60_000) }));
    const waiting = shut.call(answering());
    const calling = new PacedCalls(settings, abort.signal).call(() => new Promise<Result<string>>(() => {}));
    const ends = Promise.allSettled([waiting, calling]);
    abort.abort(reason);
    expect(await ends).toMatchObject([{ status: 'rejected' }, { status: 'rejected', reason }]);
    expect(at).toHaveLength(1);
  });
});
