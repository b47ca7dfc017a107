import type { Log } from '@pagebridge/vocabulary';
import { RateLimiterMySQL, RateLimiterRes } from 'rate-limiter-flexible';
import type { DataSource, QueryRunner } from 'typeorm';
import { type Counters, StoreUnavailable } from '../../application/ports.ts';
import { type Counter, countsRefusals, type Standing } from '../../domain/limits.ts';
import { onConnection } from '../persistence/on-connection.ts';
import { asStoreError } from '../persistence/store-errors.ts';

const clearEveryMs = 3_600_000;

/** Counters in the table `limits` of MySQL or MariaDB, which the instances share. */
export class MysqlCounters implements Counters {
  private clearAt = 0;

  constructor(
    private readonly dataSource: DataSource,
    private readonly log: Log,
  ) {}

  async take(counters: readonly Counter[]): Promise<readonly Standing[]> {
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

  async settle(taken: readonly Standing[], isSpent: (counter: Counter) => boolean): Promise<void> {
    try {
      await this.onConnection(async (runner) => {
        for (const standing of taken) await settleOne(standing, isSpent(standing), runner);
      });
    } catch (error) {
      if (!(error instanceof StoreUnavailable)) throw error;
      this.log.warn({ cause: error.message }, 'what was taken of a rate limit could not be settled; it stays taken');
    }
  }

  // Whose window has ended is begun anew; only who does not come back leaves a row.
  private async clearExpired(runner: QueryRunner): Promise<void> {
    const now = Date.now();
    if (now < this.clearAt) return;
    this.clearAt = now + clearEveryMs;
    await runner.query('DELETE FROM limits WHERE expire < ?', [now]);
  }

  private async onConnection<T>(work: (runner: QueryRunner) => Promise<T>): Promise<T> {
    try {
      return await onConnection(this.dataSource, work);
    } catch (error) {
      throw asStoreError(error);
    }
  }
}

/** How soon it may be tried again while others might still use up what is left. */
const busyMs = 5000;
/** Longer than a check takes. Whoever dies in one leaves its reservation for no longer. */
const reservedSeconds = 60;

/** A row of the table: a counter, or what is reserved of it. */
type Row = Omit<Counter, 'name'> & { readonly name: string };

async function takeOne(counter: Counter, runner: QueryRunner): Promise<Standing> {
  const { consumedPoints, msBeforeNext } = await consume(counter, runner);
  const endsAt = new Date(Date.now() + msBeforeNext);
  return { ...counter, left: counter.most - consumedPoints, endsAt, takenUntil: endsAt };
}

/** Reserves one that might be refused: what was refused and what is reserved are together no more than may be refused. */
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

async function settleOne(standing: Standing, isSpent: boolean, runner: QueryRunner): Promise<void> {
  const isReserved = countsRefusals(standing);
  // Counted before it is given back, so that it is missing at no moment.
  if (isReserved && isSpent) await consume(standing, runner);
  // What was taken in a window that has ended would be owed to the next one.
  if ((isSpent && !isReserved) || standing.takenUntil.getTime() <= Date.now()) return;
  const row = isReserved ? reservedOf(standing) : standing;
  await (await limiterOf(row, runner)).reward(standing.owner);
}

const reservedOf = (counter: Counter): Row => ({
  ...counter,
  name: `${counter.name}-reserved`,
  windowSeconds: reservedSeconds,
});

/** What is beyond the bound is taken all the same, and given back by `settle`. */
async function consume(row: Row, runner: QueryRunner): Promise<RateLimiterRes> {
  try {
    return await (await limiterOf(row, runner)).consume(row.owner);
  } catch (refusal) {
    if (refusal instanceof RateLimiterRes) return refusal;
    throw refusal;
  }
}

// One for each use, since it keeps nothing but its connection, which is to be one that ends when the database does not answer.
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
