import { once } from 'node:events';
import type { AlertState, PageState } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Policy } from '../domain/attempts/policy.ts';
import { decide } from '../domain/commands/decide.ts';
import type { Decision, ReceivedCommand } from '../domain/commands/decision.ts';
import type { Restored } from '../domain/ledger/reading.ts';
import { isForgettable } from '../domain/ledger/retention.ts';
import type { OutcomeEvent } from '../domain/outcomes.ts';
import { isEnded } from '../domain/page.ts';
import type { Attempts } from './attempts.ts';
import type { CredentialWatch } from './credential-watch.ts';
import type { Drains } from './drains.ts';
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

interface Decided {
  readonly refused: RefusedCommand[];
  hasEvents: boolean;
}

// An alert with more pages than this is written before the end of its batch: only written pages can be trimmed.
const mostPagesUnwritten = 250;
const sweepEveryMs = 2000;
// There may be millions of alerts, and a sweep blocks the event loop.
const alertsPerSweep = 500;
const jobsPerSweep = 5000;
// Each costs a ledger record, an outcome and a dead letter. The next sweep gives up the others.
const mostGivenUpPerSweep = 500;

export interface DeliveryDependencies {
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly attempts: Attempts;
  readonly credentials: CredentialWatch;
  readonly intake: Intake;
  readonly drains: Drains;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes commands into the ledger, owns partitions, runs the periodic sweep, and stops. */
export class Delivery {
  private cancelSweep: (() => void) | undefined;
  private walk: Iterator<[LedgerPartition, string, AlertState]> | undefined;
  private waiting: Iterator<Job> | undefined;
  private stopping = false;

  constructor(private readonly its: DeliveryDependencies) {}

  /**
   * Decides a batch of commands. Resolves once the ledger holds all decisions, so that the offset may be committed.
   *
   * If the process dies before, Kafka delivers the batch again, and commands that the ledger already holds change
   * nothing. No destination is called before the ledger holds the page. Rejects with PartitionLost, or with LedgerBusy
   * if the ledger could not be written for a minute.
   */
  take(partition: number, commands: readonly ReceivedCommand[]): Promise<readonly RefusedCommand[]> {
    const ledgerPartition = this.its.ledger.partition(partition);
    if (!ledgerPartition) return Promise.reject(new PartitionLost(partition));
    // Not async: an async function keeps its arguments while it waits, here the decoded commands (ADR 60).
    return this.whenDurable(ledgerPartition, this.decideAll(ledgerPartition, commands));
  }

  own(partition: number, generation: number, restored: Restored): void {
    this.disown(partition);
    this.its.lanes.takenOver();
    const ledgerPartition = this.its.ledger.own(partition, generation, restored);
    this.its.intake.adjust();
    this.its.log.debug(
      { partition, generation: ledgerPartition.generation, alerts: ledgerPartition.size },
      'owns a partition',
    );
  }

  /**
   * Stops work on a partition at once. The answers of calls in flight are not written: their pages are `attempting` in
   * the ledger, and the next owner attempts them again as possible duplicates.
   */
  disown(partition: number): void {
    const ledgerPartition = this.its.ledger.partition(partition);
    if (!ledgerPartition) return;
    this.its.ledger.disown(partition);
    this.its.lanes.drop(ledgerPartition);
    this.its.intake.forget(partition);
    this.its.log.debug({ partition, generation: ledgerPartition.generation }, 'no longer owns a partition');
  }

  start(): void {
    this.cancelSweep = this.its.clock.after(sweepEveryMs, () => {
      this.sweep();
      if (!this.stopping) this.start();
    });
  }

  /**
   * Starts no more calls, and waits for the calls in flight and their writes. Commands are still taken. When the signal
   * is aborted, this method leaves the rest to the next owner, so that the process can leave the group.
   */
  async stop(signal: AbortSignal): Promise<void> {
    this.stopping = true;
    this.cancelSweep?.();
    this.its.lanes.stop();
    await this.settled(signal);
    this.its.ledger.confirm(0);
    await unlessAborted(this.its.ledger.drained(), signal);
    if (signal.aborted) for (const { partition } of this.its.ledger.owned) this.disown(partition);
  }

  /**
   * Resolves when no call is in flight and all answers are written, so that the next owner need not repeat a call, or
   * when the signal is aborted. The lease prevents new calls meanwhile.
   */
  async settled(signal?: AbortSignal): Promise<void> {
    while (this.its.lanes.running > 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => void this.its.clock.after(20, resolve));
    }
    await unlessAborted(this.its.ledger.drained(), signal);
  }

  /** Does periodic work: gives pages up, fails pages over, drains connections, forgets idle alerts, retries reports. */
  sweep(): void {
    this.checkWaiting();
    this.its.drains.sweep();
    this.forgetIdle();
    this.its.ledger.forgetSurplus();
    this.its.ledger.confirm();
    this.its.credentials.retry();
    this.its.intake.adjust();
  }

  private async whenDurable(ledgerPartition: LedgerPartition, deciding: Promise<Decided>): Promise<RefusedCommand[]> {
    const { refused, hasEvents } = await deciding;
    await ledgerPartition.durability.batchDurable(hasEvents);
    this.its.intake.adjust();
    return refused;
  }

  private async decideAll(ledgerPartition: LedgerPartition, commands: readonly ReceivedCommand[]): Promise<Decided> {
    const decided: Decided = { refused: [], hasEvents: false };
    for (const [key, ofAlert] of Map.groupBy(commands, keyOf)) {
      let left = this.decideSome(ledgerPartition, key, ofAlert, decided, false);
      while (left.length > 0) {
        await ledgerPartition.durability.batchDurable(true);
        left = this.decideSome(ledgerPartition, key, left, decided, true);
      }
    }
    return decided;
  }

  /**
   * Decides commands of one alert in one change: a page that one of them ends is not attempted. Returns the rest, to be
   * decided once the ledger is written. `isWritten`: whether the caller has just waited for that.
   */
  private decideSome(
    ledgerPartition: LedgerPartition,
    key: string,
    commands: readonly ReceivedCommand[],
    decided: Decided,
    isWritten: boolean,
  ): readonly ReceivedCommand[] {
    const known = ledgerPartition.get(key);
    const allEvents: OutcomeEvent[] = [];
    let now = known;
    let taken = 0;
    for (const received of commands) {
      if (taken > 0 && now && now.pages.length > mostPagesUnwritten) break;
      const { state, events, refused } = decide(now, received, this.its.clock.now(), this.its.policy);
      // Its ended pages take no room once their outcomes are published.
      if (refused && !(isWritten && taken === 0) && state.pages.some(isEndedUnreported)) break;
      now = state;
      allEvents.push(...events);
      if (refused) decided.refused.push({ received, refused });
      taken += 1;
    }
    if (now !== known || allEvents.length > 0) ledgerPartition.set(key, now, allEvents);
    decided.hasEvents ||= allEvents.length > 0;
    return commands.slice(taken);
  }

  private checkWaiting(): void {
    this.waiting ??= [...this.its.lanes.waiting()].values();
    let givenUp = 0;
    for (let seen = 0; seen < jobsPerSweep; seen += 1) {
      const next = this.waiting.next();
      if (next.done) {
        this.waiting = undefined;
        break;
      }
      const job = next.value;
      const giveUpReason = this.its.attempts.reasonToGiveUp(job);
      if (!this.its.attempts.isStillToDo(job)) this.its.lanes.remove(job);
      else if (!giveUpReason) this.its.attempts.failOver(job);
      else if (givenUp < mostGivenUpPerSweep) {
        givenUp += 1;
        // A call that has started meanwhile still gets its answer.
        if (this.its.lanes.remove(job)) this.its.attempts.giveUp(job, giveUpReason);
      }
    }
    this.its.lanes.tidy();
    this.its.lanes.noteLongWaits();
  }

  private forgetIdle(): void {
    this.walk ??= this.allAlerts();
    for (let seen = 0; seen < alertsPerSweep; seen += 1) {
      const next = this.walk.next();
      if (next.done) {
        this.walk = undefined;
        return;
      }
      const [ledgerPartition, key, state] = next.value;
      if (ledgerPartition.lost) continue;
      if (isForgettable(state, this.its.clock.now(), this.its.policy)) ledgerPartition.set(key, undefined);
      else ledgerPartition.rest(key);
    }
  }

  private *allAlerts(): Generator<[LedgerPartition, string, AlertState]> {
    for (const ledgerPartition of this.its.ledger.owned)
      for (const [key, state] of ledgerPartition.all()) yield [ledgerPartition, key, state];
  }
}

const isEndedUnreported = (page: PageState): boolean => isEnded(page) && page.unreported.length > 0;

const keyOf = ({ command }: ReceivedCommand): string => alertIdentity(command.sourceOrg, command.alertKey);

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) await promise;
  else if (!signal.aborted) await Promise.race([promise, once(signal, 'abort')]);
}
