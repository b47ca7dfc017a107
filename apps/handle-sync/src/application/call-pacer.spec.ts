import { beforeEach, describe, expect, it } from '@jest/globals';
import type { Failure, RateLimit, Result } from '@pagebridge/destination';
import { FakeClock } from '@pagebridge/testing';
import { CallPacer, type Endpoint, type Urgency } from './call-pacer.ts';

const settings = { concurrency: 2, attempts: 3, backoffMs: 100 };
const good: Result<string> = { ok: true, value: 'good' };
const limited = (remaining: number, resetMs = 60_000): Result<string> => {
  const rateLimit: RateLimit = { limit: 100, remaining, periodMs: 60_000, resetMs };
  return { ...good, rateLimit };
};
const failure = (its: Partial<Failure>): Result<string> => ({
  ok: false,
  failure: { kind: 'retry', cause: 'server', status: 500, detail: 'x', sent: true, ...its },
});
const refused = (its: Partial<Failure> = {}) => failure({ cause: 'rate-limited', status: 429, ...its });

let clock: FakeClock;
let pacer: CallPacer;
let at: number[];
let counted: string[];
let abort: AbortController;

beforeEach(() => {
  clock = new FakeClock(new Date(0));
  at = [];
  counted = [];
  abort = new AbortController();
  pacer = new CallPacer(settings, clock, { called: (...its) => counted.push(its.join(' ')) });
});

const call = (
  send: () => Promise<Result<string>>,
  urgency: Urgency = 'idle',
  endpoint: Endpoint = 'rules',
): Promise<Result<string>> => pacer.call(endpoint, urgency, abort.signal, send);
const answering =
  (...answers: Result<string>[]) =>
  async () => {
    at.push(clock.elapsedMs());
    return answers.shift() ?? good;
  };
const unanswered = () => new Promise<Result<string>>(() => {});

describe('the calls to a destination org', () => {
  it('run concurrently up to the limit, over all endpoints', async () => {
    const started: string[] = [];
    const ends: (() => void)[] = [];
    const slow = (name: string) => () => {
      started.push(name);
      return new Promise<Result<string>>((resolve) => ends.push(() => resolve(good)));
    };
    await call(answering());
    const calls = [call(slow('a')), call(slow('b'), 'idle', 'keys'), call(slow('c'), 'idle', 'teams')];
    await clock.advance(0);
    expect(started).toEqual(['a', 'b']);
    ends[0]?.();
    await clock.advance(0);
    expect(started).toEqual(['a', 'b', 'c']);
    for (const end of ends) end();
    await Promise.all(calls);
  });

  it('start the most urgent first', async () => {
    const order: string[] = [];
    const named = (name: string) => async () => {
      order.push(name);
      return good;
    };
    await call(async () => limited(99));
    const calls = [call(named('idle')), call(named('pressing'), 'pressing'), call(named('urgent'), 'urgent')];
    await clock.advance(10_000);
    await Promise.all(calls);
    expect(order).toEqual(['urgent', 'pressing', 'idle']);
  });

  it('are spread over the window, except urgent ones', async () => {
    await call(answering(limited(99)));
    const idle = call(answering());
    await clock.advance(3000);
    await Promise.all([idle, call(answering(), 'urgent')]);
    expect(at).toEqual([0, expect.closeTo(60_000 / 49, 0), 3000]);
  });

  it('wait for the next window when the share of this one is spent', async () => {
    await call(answering(limited(0, 5000)));
    const next = call(answering());
    await clock.advance(4999);
    expect(at).toHaveLength(1);
    await clock.advance(2000);
    await next;
    expect(at).toHaveLength(2);
  });

  it('wait for the Retry-After of a refusal, and are then repeated', async () => {
    const refusal = refused({ retryAfterMs: 2000 });
    const calls = call(answering(refusal, refusal));
    await clock.advance(5000);
    expect(await calls).toEqual(good);
    expect(at[1]).toBeGreaterThanOrEqual(2000);
    expect(at[2]).toBeGreaterThanOrEqual(4000);
    expect(counted).toEqual(['rules rate-limited', 'rules rate-limited', 'rules answered']);
  });

  it('are given up after ten refusals, with growing waits in between', async () => {
    const calls = call(answering(...Array.from({ length: 30 }, () => refused())));
    await clock.advance(10 * 60_000);
    expect(await calls).toMatchObject({ failure: { cause: 'rate-limited' } });
    expect(at).toHaveLength(10);
    expect(at.at(-1)).toBeGreaterThan(30_000);
  });

  it('return a refusal with a long Retry-After at once, and delay the next call for that time', async () => {
    const hour = 60 * 60_000;
    expect(await call(answering(refused({ retryAfterMs: hour })))).toMatchObject({ failure: { status: 429 } });
    expect(await call(answering(failure({ retryAfterMs: hour })), 'idle', 'teams')).toMatchObject({ ok: false });
    const next = call(answering());
    await clock.advance(hour - 1);
    expect(at).toHaveLength(2);
    await clock.advance(hour);
    expect(await next).toEqual(good);
  });

  it('are repeated after a temporary failure, up to the maximum number of attempts', async () => {
    const calls = call(answering(failure({}), failure({}), failure({ detail: 'third' }), good));
    await clock.advance(10_000);
    expect(await calls).toMatchObject({ failure: { detail: 'third' } });
    const permanent = failure({ kind: 'permanent', cause: 'not-found', status: 404 });
    expect(await call(answering(permanent))).toBe(permanent);
    expect(at).toHaveLength(4);
  });

  it('are not taken as unlimited when a call gets no answer', async () => {
    const { status: _none, ...silence } = { kind: 'permanent', cause: 'timeout', detail: 'x', sent: true } as Failure;
    await call(async () => ({ ok: false, failure: silence }));
    const calls = [call(unanswered), call(answering())];
    await clock.advance(1000);
    expect(at).toEqual([]);
    abort.abort(new Error('enough'));
    await Promise.allSettled(calls);
  });

  it('end at once when aborted, while waiting and while in flight, and leave no timer behind', async () => {
    await call(async () => limited(0));
    const waiting = call(answering());
    const made = call(unanswered, 'idle', 'keys');
    await clock.advance(0);
    const reason = new Error('enough');
    abort.abort(reason);
    const both = await Promise.allSettled([waiting, made]);
    expect(both).toEqual([
      { status: 'rejected', reason },
      { status: 'rejected', reason },
    ]);
    await expect(call(answering())).rejects.toBe(reason);
    await clock.advance(120_000);
    expect(clock.waiting).toBe(0);
    expect(at).toEqual([]);
    abort = new AbortController();
    expect(await call(answering(), 'idle', 'keys')).toEqual(good);
  });
});
