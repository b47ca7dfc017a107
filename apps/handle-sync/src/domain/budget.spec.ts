import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Budget } from './budget.ts';

const minute = 60_000;

/** A destination with windows aligned to the clock, whose reset has whole seconds, like Datadog. */
class Server {
  /** The calls of the test in each window. */
  readonly ours = new Map<number, number>();
  private readonly used = new Map<number, number>();

  constructor(
    readonly limit: number,
    readonly periodMs: number,
    /** The calls of others at the beginning of each window. */
    private readonly others = 0,
  ) {}

  answer(at: number) {
    const window = Math.floor(at / this.periodMs);
    const used = this.used.get(window) ?? this.others;
    const allowed = used < this.limit;
    if (allowed) this.used.set(window, used + 1);
    this.ours.set(window, (this.ours.get(window) ?? 0) + 1);
    const resetMs = Math.max(1, Math.ceil(((window + 1) * this.periodMs - at) / 1000)) * 1000;
    const remaining = Math.max(0, this.limit - used - 1);
    return { allowed, rateLimit: { limit: this.limit, remaining, periodMs: this.periodMs, resetMs } };
  }
}

interface Run {
  readonly server: Server;
  readonly share: number;
  readonly from: number;
  readonly until: number;
  readonly concurrency: number;
  readonly latencyMs: () => number;
}

/** Calls as early and as concurrently as allowed. Returns when each call was made, and the number of refusals. */
function callAlways({ server, share, from, until, concurrency, latencyMs }: Run) {
  const budget = new Budget();
  const sentAt: number[] = [];
  let refused = 0;
  let onTheWay: { readonly at: number; readonly answer: ReturnType<Server['answer']> }[] = [];
  for (let now = from; now < until; ) {
    for (const { answer } of onTheWay.filter(({ at }) => at <= now)) budget.answered(answer.rateLimit, now);
    onTheWay = onTheWay.filter(({ at }) => at > now);
    const opensAt = onTheWay.length < concurrency ? budget.opensAt(share, false, now) : Number.POSITIVE_INFINITY;
    if (opensAt <= now) {
      budget.sent(now);
      sentAt.push(now);
      const latency = latencyMs();
      const answer = server.answer(now + latency / 2);
      if (!answer.allowed) refused += 1;
      onTheWay.push({ at: now + latency, answer });
    } else now = Math.min(opensAt, ...onTheWay.map(({ at }) => at), until);
  }
  return { sentAt, refused };
}

const rate = (remaining: number, resetMs = minute, periodMs = minute) => ({ limit: 100, remaining, periodMs, resetMs });
const afterFirst = (rateLimit: Parameters<Budget['answered']>[0], now = 0) => {
  const budget = new Budget();
  budget.sent(now);
  budget.answered(rateLimit, now);
  return budget;
};
const maxAtOnce = (budget: Budget, share: number, now: number) => {
  let count = 0;
  for (; count < 1000 && budget.opensAt(share, true, now) <= now; count += 1) budget.sent(now);
  return count;
};

describe('the budget of an endpoint', () => {
  it('never uses more than its share of a window, however slow answers are', () => {
    const runs = fc.record({
      limit: fc.integer({ min: 2, max: 400 }),
      periodMs: fc.constantFrom(10_000, 30_000, minute),
      share: fc.constantFrom(0.5, 0.8),
      from: fc.integer({ min: 0, max: minute }),
      concurrency: fc.integer({ min: 1, max: 8 }),
      latencies: fc.array(fc.integer({ min: 1, max: 4000 }), { minLength: 1, maxLength: 7 }),
    });
    fc.assert(
      fc.property(runs, ({ limit, periodMs, share, from, concurrency, latencies }) => {
        const server = new Server(limit, periodMs);
        let next = 0;
        const latencyMs = () => latencies[next++ % latencies.length] ?? 1;
        const { refused } = callAlways({ server, share, from, until: from + 5 * periodMs, concurrency, latencyMs });
        expect(refused).toBe(0);
        for (const ours of server.ours.values()) expect(ours).toBeLessThanOrEqual(Math.max(1, limit * share));
      }),
    );
  });

  it('uses its share, spread over the window', () => {
    const server = new Server(300, minute);
    const { sentAt } = callAlways({
      server,
      share: 0.5,
      from: 0,
      until: 5 * minute,
      concurrency: 8,
      latencyMs: () => 50,
    });
    for (let second = minute; second < 5 * minute; second += 10_000) {
      const calls = sentAt.filter((at) => at >= second && at < second + 10_000).length;
      expect(calls).toBeGreaterThanOrEqual(22);
      expect(calls).toBeLessThanOrEqual(28);
    }
  });

  it('takes its share of what others leave, and is not refused', () => {
    const server = new Server(300, minute, 200);
    const run = { server, share: 0.8, from: 0, until: 4 * minute, concurrency: 4, latencyMs: () => 100 };
    expect(callAlways(run).refused).toBe(0);
    expect(Math.max(...server.ours.values())).toBeLessThanOrEqual(81);
  });

  it('allows one call at first if the limit is unknown', () => {
    const budget = new Budget();
    expect(budget.opensAt(0.5, true, 0)).toBe(0);
    budget.sent(0);
    expect(budget.opensAt(0.5, true, 0)).toBe(Number.POSITIVE_INFINITY);
  });

  it('does not take a call without an answer as a sign that there is no limit', () => {
    const budget = new Budget();
    budget.sent(0);
    budget.unanswered();
    expect(maxAtOnce(budget, 0.5, 0)).toBe(1);
  });

  it('has no limit if the destination sends none', () => {
    expect(maxAtOnce(afterFirst(undefined), 0.5, 0)).toBe(1000);
  });

  it('uses nothing of a window in which nothing is left', () => {
    expect(maxAtOnce(afterFirst(rate(0)), 0.5, 1000)).toBe(0);
    const rolled = afterFirst(rate(50));
    rolled.answered(rate(0), minute + 1);
    expect(rolled.opensAt(0.5, true, minute + 1)).toBeGreaterThan(minute + 1);
  });

  it('does not take a late answer as a new window', () => {
    const budget = afterFirst(rate(99));
    expect(maxAtOnce(budget, 0.5, 1000)).toBe(49);
    // The call was made at 1 s; its answer comes at 9 s with the state at 1 s.
    budget.answered(rate(50, 59_000), 9000);
    expect(maxAtOnce(budget, 0.5, 9000)).toBe(0);
  });

  it('ignores an answer of the previous window', () => {
    const budget = afterFirst(rate(99));
    budget.sent(minute - 1);
    budget.answered(rate(0, 1000), minute + 500);
    expect(maxAtOnce(budget, 0.5, minute + 500)).toBeGreaterThan(40);
  });

  it('uses the period if the reset is never sent', () => {
    const budget = afterFirst(rate(99, 0));
    expect(maxAtOnce(budget, 0.5, 0)).toBe(49);
    expect(maxAtOnce(budget, 0.5, minute + 1)).toBe(1);
  });

  it('is closed for one period at most, whatever the reset says', () => {
    const budget = afterFirst(rate(0, 60 * minute));
    expect(budget.opensAt(0.5, true, 0)).toBeLessThanOrEqual(minute);
  });

  it('allows one call in a period after an answer with a limit of 0, and then uses the limit of that answer', () => {
    const budget = afterFirst({ limit: 0, remaining: 0, periodMs: minute, resetMs: minute });
    expect(maxAtOnce(budget, 0.5, minute + 1)).toBe(1);
    budget.answered(rate(99), minute + 1);
    expect(maxAtOnce(budget, 0.5, 2 * minute + 2)).toBe(50);
  });

  it('uses the period of the latest answer after one with a much longer period', () => {
    const hour = 60 * minute;
    const budget = afterFirst({ limit: 0, remaining: 0, periodMs: hour, resetMs: hour });
    expect(maxAtOnce(budget, 0.5, hour + 1)).toBe(1);
    budget.answered(rate(99), hour + 1);
    expect(maxAtOnce(budget, 0.5, hour + 2)).toBe(49);
  });

  it('has no limit again if the first answer of the next window has none', () => {
    const budget = afterFirst({ limit: 1, remaining: 0, periodMs: minute, resetMs: minute });
    expect(maxAtOnce(budget, 0.5, minute + 1)).toBe(1);
    budget.answered(undefined, minute + 1);
    expect(maxAtOnce(budget, 0.5, minute + 1)).toBe(1000);
  });

  it('allows one call at a time if neither reset nor period is sent', () => {
    const budget = afterFirst(rate(99, 0, 0));
    expect(maxAtOnce(budget, 0.5, 0)).toBe(1);
  });

  it('stays closed for a requested pause', () => {
    const budget = afterFirst(undefined);
    budget.pause(5000, 0);
    budget.pause(1000, 0);
    expect(budget.opensAt(0.8, true, 4999)).toBe(5000);
    expect(budget.opensAt(0.8, true, 5000)).toBe(5000);
  });
});
