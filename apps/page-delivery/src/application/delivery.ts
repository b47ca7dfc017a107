import { once } from 'node:events';
import type { AlertState } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Policy } from '../domain/attempts/policy.ts';
import { decide } from '../domain/commands/decide.ts';
import type { Decision, ReceivedCommand } from '../domain/commands/decision.ts';
import type { Restored } from '../domain/ledger/reading.ts';
import { isForgettable } from '../domain/ledger/retention.ts';
import type { OutcomeEvent } from '../domain/outcomes.ts';
import type { Attempts } from './attempts.ts';
import type { CredentialWatch } from './credential-watch.ts';
import type { Intake } from './intake.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerPartition } from './ledger/ledger-partition.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { Clock, Log } from './ports.ts';
import type { Job } from './scheduling/job.ts';
import type { Lanes } from './scheduling/lanes.ts';

export interface RefusedCommand {
  readonly received: ReceivedCommand;
  readonly refused: NonNullable<Decision['refused']>;
}

// An alert with more pages than this is written within a batch: only written pages can be trimmed.
const mostPagesUnwritten = 250;
const sweepEveryMs = 2000;
// There may be millions, and a sweep blocks everything else.
const alertsPerSweep = 500;
const jobsPerSweep = 5000;
// Each costs a ledger record, an outcome and a dead letter; the next sweep goes on with the others.
const mostGivenUpPerSweep = 500;

/** The life of page-delivery: takes commands, owns partitions, sweeps, stops. */
export class Delivery {
  private cancelSweep: (() => void) | undefined;
  private walk: Iterator<[LedgerPartition, string, AlertState]> | undefined;
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
   * Decides a batch of commands. Once it resolves, the ledger holds all of it and the offset may be committed.
   *
   * If the process dies before that, Kafka delivers the batch again, and what the ledger already holds changes nothing.
   * No destination is called before the ledger holds the page. Throws PartitionLost, or LedgerBusy when the ledger could
   * not be written for a minute.
   */
  async take(partition: number, commands: readonly ReceivedCommand[]): Promise<readonly RefusedCommand[]> {
    const ledgerPartition = this.ledger.partition(partition);
    if (!ledgerPartition) throw new PartitionLost(partition);
    const all: RefusedCommand[] = [];
    let hasEvents = false;
    for (const [key, ofAlert] of Map.groupBy(commands, keyOf)) {
      let known = ledgerPartition.get(key);
      let now = known;
      let events: OutcomeEvent[] = [];
      for (const received of ofAlert) {
        if (now && now.pages.length > mostPagesUnwritten) {
          ledgerPartition.set(key, now, events);
          await ledgerPartition.durability.batchDurable(true);
          known = ledgerPartition.get(key);
          now = known;
          events = [];
        }
        const decision = decide(now, received, this.clock.now(), this.policy);
        now = decision.state;
        events.push(...decision.events);
        if (decision.refused) all.push({ received, refused: decision.refused });
      }
      // Once for all its commands: what one of them ended is not attempted.
      if (now !== known || events.length > 0) ledgerPartition.set(key, now, events);
      hasEvents ||= events.length > 0;
    }
    await ledgerPartition.durability.batchDurable(hasEvents);
    this.intake.adjust();
    return all;
  }

  own(partition: number, generation: number, restored: Restored): void {
    this.disown(partition);
    this.lanes.takenOver();
    const ledgerPartition = this.ledger.own(partition, generation, restored);
    this.intake.adjust();
    this.log.debug(
      { partition, generation: ledgerPartition.generation, alerts: ledgerPartition.size },
      'owns a partition',
    );
  }

  /**
   * Stops work on a partition at once. The answers of running calls are not written: the ledger has these pages as
   * `attempting`, and the next owner attempts them again as possible duplicates.
   */
  disown(partition: number): void {
    const ledgerPartition = this.ledger.partition(partition);
    if (!ledgerPartition) return;
    this.ledger.disown(partition);
    this.lanes.drop(ledgerPartition);
    this.intake.forget(partition);
    this.log.debug({ partition, generation: ledgerPartition.generation }, 'no longer owns a partition');
  }

  start(): void {
    this.cancelSweep = this.clock.after(sweepEveryMs, () => {
      this.sweep();
      if (!this.stopping) this.start();
    });
  }

  /**
   * Starts no more calls, and waits for running ones and their writes; commands are still taken. When the signal is
   * aborted, the rest is left to the next owner, so that the process can leave the group.
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
   * Resolves when no call is running and all answers are written, so that the next owner need not call again, or when
   * the signal is aborted. The lease keeps new calls from starting meanwhile.
   */
  async settled(signal?: AbortSignal): Promise<void> {
    while (this.lanes.running > 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => void this.clock.after(20, resolve));
    }
    await unlessAborted(this.ledger.drained(), signal);
  }

  /** Does what time alone makes due: give up pages, fail over, forget idle alerts, resend reports. */
  sweep(): void {
    this.lookAfterWaiting();
    this.forgetIdle();
    this.ledger.forgetSurplus();
    this.ledger.confirm();
    this.credentials.retry();
    this.intake.adjust();
  }

  private lookAfterWaiting(): void {
    this.waiting ??= [...this.lanes.waiting()].values();
    let givenUp = 0;
    for (let seen = 0; seen < jobsPerSweep; seen += 1) {
      const next = this.waiting.next();
      if (next.done) {
        this.waiting = undefined;
        break;
      }
      const job = next.value;
      const giveUpReason = this.attempts.reasonToGiveUp(job);
      if (!this.attempts.isStillToDo(job)) this.lanes.remove(job);
      else if (!giveUpReason) this.attempts.failOver(job);
      else if (givenUp < mostGivenUpPerSweep) {
        givenUp += 1;
        // What is under way since then has an answer to come.
        if (this.lanes.remove(job)) this.attempts.giveUp(job, giveUpReason);
      }
    }
    this.lanes.tidy();
  }

  private forgetIdle(): void {
    this.walk ??= this.everything();
    for (let seen = 0; seen < alertsPerSweep; seen += 1) {
      const next = this.walk.next();
      if (next.done) {
        this.walk = undefined;
        return;
      }
      const [ledgerPartition, key, state] = next.value;
      if (ledgerPartition.lost) continue;
      if (isForgettable(state, this.clock.now(), this.policy)) ledgerPartition.set(key, undefined);
      else ledgerPartition.rest(key);
    }
  }

  private *everything(): Generator<[LedgerPartition, string, AlertState]> {
    for (const ledgerPartition of this.ledger.owned)
      for (const [key, state] of ledgerPartition.all()) yield [ledgerPartition, key, state];
  }
}

const keyOf = ({ command }: ReceivedCommand): string => alertIdentity(command.sourceOrg, command.alertKey);

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) await promise;
  else if (!signal.aborted) await Promise.race([promise, once(signal, 'abort')]);
}
