import type { AlertState } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Policy } from '../domain/attempts/policy.ts';
import { decide } from '../domain/commands/decide.ts';
import type { Decision, Taken } from '../domain/commands/decision.ts';
import type { Restored } from '../domain/ledger/reading.ts';
import { isForgettable } from '../domain/ledger/retention.ts';
import type { Attempts } from './attempts.ts';
import type { CredentialWatch } from './credential-watch.ts';
import type { Intake } from './intake.ts';
import type { Ledger } from './ledger/ledger.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { Shard } from './ledger/shard.ts';
import type { Clock, Log } from './ports.ts';
import type { Job } from './scheduling/job.ts';
import type { Lanes } from './scheduling/lanes.ts';

export interface Refused {
  readonly taken: Taken;
  readonly refused: NonNullable<Decision['refused']>;
}

// An alert that gathers so many pages within one batch is written before it gathers more: written ones can be trimmed.
const mostPagesUnwritten = 250;
const sweepEveryMs = 2000;
// A slice each time: there may be millions, and a sweep holds up everything else.
const alertsPerSweep = 500;
const jobsPerSweep = 5000;
// Each is a record, an outcome and a dead letter with the page's text; the others are still there at the next round.
const mostGivenUpPerSweep = 500;

/** The life of page-delivery: takes commands, owns partitions, sweeps, stops. */
export class Delivery {
  private cancelSweep: (() => void) | undefined;
  private walk: Iterator<[Shard, string, AlertState]> | undefined;
  private waiting: Iterator<Job> | undefined;
  private stopping = false;

  constructor(
    private readonly ledger: Ledger,
    private readonly lanes: Lanes,
    private readonly attempts: Attempts,
    private readonly credentials: CredentialWatch,
    private readonly intake: Intake,
    private readonly policy: Policy,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Decides a batch of commands; once it resolves, the ledger holds all of it and the offset may be committed.
   *
   * If the process dies before that, Kafka delivers the batch again: what the ledger already holds changes nothing.
   * The pages enter their lanes once all is decided; no call is made before the ledger holds it. Throws PartitionLost, and
   * LedgerBusy where the ledger cannot be written for long.
   */
  async take(partition: number, commands: readonly Taken[]): Promise<readonly Refused[]> {
    const shard = this.ledger.shard(partition);
    if (!shard) throw new PartitionLost(partition);
    const all: Refused[] = [];
    let hasFacts = false;
    const keys = new Set<string>();
    for (const taken of commands) {
      const key = alertIdentity(taken.command.sourceOrg, taken.command.alertKey);
      let known = shard.get(key);
      if (known && known.pages.length > mostPagesUnwritten) {
        await shard.durability.taken(true);
        known = shard.get(key);
      }
      const { state, facts, refused } = decide(known, taken, this.clock.now(), this.policy);
      if (state !== known || facts.length > 0) shard.set(key, state, facts);
      keys.add(key);
      hasFacts ||= facts.length > 0;
      if (refused) all.push({ taken, refused });
    }
    for (const key of keys) shard.offer(key);
    await shard.durability.taken(hasFacts);
    this.intake.look();
    return all;
  }

  /** Takes a partition over with what its ledger holds. */
  own(partition: number, generation: number, restored: Restored): void {
    this.disown(partition);
    const shard = this.ledger.own(partition, generation, restored);
    this.intake.look();
    this.log.debug({ partition, generation: shard.generation, alerts: shard.size }, 'owns a partition');
  }

  /**
   * Stops work on a partition at once. Calls that are under way end by themselves, but their answers are not written:
   * in the ledger their pages are `attempting`, and the next owner does them again as possible duplicates.
   */
  disown(partition: number): void {
    const shard = this.ledger.shard(partition);
    if (!shard) return;
    this.ledger.disown(partition);
    this.lanes.drop(shard);
    this.intake.forget(partition);
    this.log.debug({ partition, generation: shard.generation }, 'no longer owns a partition');
  }

  start(): void {
    this.cancelSweep = this.clock.after(sweepEveryMs, () => {
      this.sweep();
      if (!this.stopping) this.start();
    });
  }

  /**
   * Starts no more calls, waits for those under way and for what they have to write; commands are still taken. What is not
   * written when the signal is aborted is for the next owner, and must not hold up the farewell to the group.
   */
  async stop(signal: AbortSignal): Promise<void> {
    this.stopping = true;
    this.cancelSweep?.();
    this.lanes.stop();
    await this.settled(signal);
    this.ledger.confirm(0);
    await unlessAborted(this.ledger.drained(), signal);
    if (signal.aborted) for (const { partition } of this.ledger.owned) this.disown(partition);
  }

  /**
   * Resolves when no call is under way and what was answered is written, so that the next owner need not call again; or
   * when the signal is aborted. While the lease is in doubt, no call begins.
   */
  async settled(signal?: AbortSignal): Promise<void> {
    while (this.lanes.running > 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => void this.clock.after(20, resolve));
    }
    await unlessAborted(this.ledger.drained(), signal);
  }

  /** Looks after what no call and no command looks after: hopeless pages, those to fail over, idle alerts, untold reports. */
  sweep(): void {
    this.lookAfterWaiting();
    this.forgetIdle();
    this.ledger.forgetSurplus();
    this.ledger.confirm();
    this.credentials.retry();
    this.intake.look();
  }

  private lookAfterWaiting(): void {
    this.waiting ??= this.lanes.waiting();
    let givenUp = 0;
    for (let seen = 0; seen < jobsPerSweep; seen += 1) {
      const next = this.waiting.next();
      if (next.done) {
        this.waiting = undefined;
        break;
      }
      const job = next.value;
      const lost = this.attempts.hopeless(job);
      if (!this.attempts.isStillToDo(job)) this.lanes.remove(job);
      else if (!lost) this.attempts.failOver(job);
      else if (givenUp < mostGivenUpPerSweep) {
        givenUp += 1;
        this.giveUp(job, lost);
      }
    }
    this.lanes.tidy();
  }

  private giveUp(job: Job, lost: NonNullable<ReturnType<Attempts['hopeless']>>): void {
    this.lanes.remove(job);
    this.attempts.giveUp(job, lost).catch((error) => {
      // Its partition is lost: the next owner gives it up.
      this.log.debug({ pageId: job.pageId, error: String(error) }, 'not given up');
    });
  }

  private forgetIdle(): void {
    this.walk ??= this.everything();
    for (let seen = 0; seen < alertsPerSweep; seen += 1) {
      const next = this.walk.next();
      if (next.done) {
        this.walk = undefined;
        return;
      }
      const [shard, key, state] = next.value;
      if (shard.lost) continue;
      if (isForgettable(state, this.clock.now(), this.policy)) shard.set(key, undefined);
      else shard.rest(key);
    }
  }

  private *everything(): Generator<[Shard, string, AlertState]> {
    for (const shard of this.ledger.owned) for (const [key, state] of shard.all()) yield [shard, key, state];
  }
}

/** Resolves with the promise, or when the signal is aborted. */
async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  const aborted = Promise.withResolvers<void>();
  if (signal?.aborted) aborted.resolve();
  signal?.addEventListener('abort', () => aborted.resolve(), { once: true });
  await Promise.race([promise, aborted.promise]);
}
