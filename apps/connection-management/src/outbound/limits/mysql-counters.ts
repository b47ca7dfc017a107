import { asStoreError, onConnection, pastDeadlocks, StoreUnavailable } from '@pagebridge/database';
import type { Log } from '@pagebridge/vocabulary';
import { RateLimiterMySQL, RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Counters } from '../../application/ports.ts';
import { type Counter, countsRefusals, type Standing } from '../../domain/limits.ts';

const clearEveryMs = 3_600_000;

/** The counters in the table `limits` of MySQL or MariaDB, shared by all instances. */
export class MysqlCounters implements Counters {
  private clearAt = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Log,
  ) {}

  async acquire(counters: readonly Counter[]): Promise<readonly Standing[]> {
    return this.onConnection(async (runner) => {
      const taken: Standing[] = [];
      for (const counter of counters) {
        const standing = countsRefusals(counter) ? await reserve(counter, runner) : await takeOne(counter, runner);
        taken.push(standing);
        if (standing.left < 0) break;
      }
      await this.clearExpired(runner);
      return taken;
    });
  }

  async release(reserved: readonly Standing[], areRefused: boolean): Promise<void> {
    try {
      await this.onConnection(async (runner) => {
        for (const standing of reserved) await releaseOne(standing, areRefused, runner);
      });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.log.warn(
        { cause: error.message, detail: 'The reservation expires within a minute.' },
        'rate limit reservation not released',
      );
    }
  }

  // A counter whose window has ended restarts at its next use. Only counters that are not used again leave expired rows.
  private async clearExpired(runner: QueryRunner): Promise<void> {
    const now = Date.now();
    if (now < this.clearAt) return;
    this.clearAt = now + clearEveryMs;
    await pastDeadlocks(() => runner.query('DELETE FROM limits WHERE expire < ?', [now]));
  }

  private async onConnection<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    try {
      return await onConnection(this.dataSource, work);
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

/** When to retry if only the reservations of other requests exhaust the limit. */
const busyMs = 5000;
/** Longer than a check takes. The reservation of a process that dies during a check lasts only this long. */
const reservedSeconds = 60;

/** A row of the table: a counter, or the reservations of one. */
type Row = Omit<Counter, 'name'> & { readonly name: string };

async function takeOne(counter: Counter, runner: QueryRunner): Promise<Standing> {
  const { consumedPoints, msBeforeNext } = await consume(counter, runner);
  const endsAt = new Date(Date.now() + msBeforeNext);
  return { ...counter, left: counter.most - consumedPoints, endsAt, takenUntil: endsAt };
}

/** Reserves one refusal: refused and reserved pairs together may not exceed the limit. */
async function reserve(counter: Counter, runner: QueryRunner): Promise<Standing> {
  const { most, owner, windowSeconds } = counter;
  const reserved = await consume(reservedOf(counter), runner);
  const refused = await (await limiterOf(counter, runner)).get(owner);
  const [count, ms] = refused ? [refused.consumedPoints, refused.msBeforeNext] : [0, windowSeconds * 1000];
  const now = Date.now();
  const left = most - count - reserved.consumedPoints;
  const isBusy = left < 0 && count < most;
  return {
    ...counter,
    left,
    endsAt: new Date(now + (isBusy ? busyMs : ms)),
    takenUntil: new Date(now + reserved.msBeforeNext),
  };
}

async function releaseOne(standing: Standing, isRefused: boolean, runner: QueryRunner): Promise<void> {
  // The refusal is counted before its reservation is given back, so that the sum is never too low.
  if (isRefused) await consume(standing, runner);
  // If the window has ended, giving back would reduce the count of the next window.
  if (standing.takenUntil.getTime() <= Date.now()) return;
  const limiter = await limiterOf(reservedOf(standing), runner);
  await pastDeadlocks(() => limiter.reward(standing.owner));
}

const reservedOf = (counter: Counter): Row => ({
  ...counter,
  name: `${counter.name}-reserved`,
  windowSeconds: reservedSeconds,
});

/** Consumes a point even beyond the limit, which changes nothing: the window ends as before. */
async function consume(row: Row, runner: QueryRunner): Promise<RateLimiterRes> {
  const limiter = await limiterOf(row, runner);
  try {
    return await pastDeadlocks(() => limiter.consume(row.owner));
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  }
}

// A limiter is made for each use, since its only state is its connection, which must end when the database does not answer.
async function limiterOf({ name, most, windowSeconds }: Row, runner: QueryRunner): Promise<RateLimiterMySQL> {
  const { database = '' } = runner.connection.driver;
  return new RateLimiterMySQL({
    storeClient: await runner.connect(),
    storeType: 'connection',
    dbName: database,
    tableName: 'limits',
    tableCreated: true,
    clearExpiredByTimeout: false,
    keyPrefix: name,
    points: most,
    duration: windowSeconds,
  });
}
