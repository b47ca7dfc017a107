import { once } from 'node:events';
import type { AlertState, Command, PageCommand, PageState } from '@pagebridge/contracts';
import type { OutcomeEvent, Policy, ReceivedCommand, Refused } from '@pagebridge/page-ledger';
import { decide, isEnded, pageOf } from '@pagebridge/page-ledger';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { Restored } from '../domain/ledger/reading.ts';
import { isForgettable } from '../domain/ledger/retention.ts';
import type { Attempts } from './attempts.ts';
import type { CredentialReports } from './credential-reports.ts';
import type { Drains } from './drains.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerPartition } from './ledger/ledger-partition.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { Clock, Log, PageTexts } from './ports.ts';
import type { Lanes } from './scheduling/lanes.ts';

export interface RefusedCommand {
  readonly received: ReceivedCommand;
  readonly refused: Refused;
}

interface Decided {
  readonly refused: RefusedCommand[];
  hasEvents: boolean;
}

// An alert with more pages than this is written before the end of its batch: only written pages can be trimmed.
const mostPagesUnwritten = 250;
const tickMs = 250;
const ticksPerSweep = 8;
// There may be millions of alerts, and a sweep blocks the event loop.
const alertsPerSweep = 500;
// Each may cost a ledger record, an outcome and a dead letter. The next check takes the others.
const mostLateAtOnce = 250;

export interface DeliveryDependencies {
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly attempts: Attempts;
  readonly credentials: CredentialReports;
  readonly texts: PageTexts;
  readonly drains: Drains;
  readonly policy: Policy;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes commands into the ledger, owns partitions, runs the periodic sweep, and stops. */
export class Delivery {
  private cancelTick: (() => void) | undefined;
  private walk: Iterator<[LedgerPartition, string, AlertState]> | undefined;

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
    this.its.credentials.takenOver();
    const ledgerPartition = this.its.ledger.own(partition, generation, restored);
    this.its.log.debug(
      { partition, generation: ledgerPartition.generation, alerts: ledgerPartition.alerts.size },
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
    this.its.log.debug({ partition, generation: ledgerPartition.generation }, 'no longer owns a partition');
  }

  start(): void {
    this.tick(1);
  }

  /**
   * Starts no more calls, and waits for the calls in flight and their writes. Commands are still taken. When the signal
   * is aborted, this method leaves the rest to the next owner, so that the process can leave the group.
   */
  async stop(signal: AbortSignal): Promise<void> {
    this.cancelTick?.();
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
    while (this.its.lanes.depth().running > 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => void this.its.clock.after(20, resolve));
    }
    await unlessAborted(this.its.ledger.drained(), signal);
  }

  /** Gives up or fails over the pages whose deadline has passed. */
  checkDeadlines(): void {
    const { lanes, attempts } = this.its;
    for (const job of lanes.late(mostLateAtOnce)) {
      const page = attempts.pageOf(job);
      const reason = page && attempts.reasonToGiveUp(job);
      if (!page || (reason && !job.ledgerPartition.isBehind)) {
        lanes.end(job.key, [job]);
        if (reason) attempts.giveUp(job, reason);
      } else {
        attempts.failOver(job);
        lanes.defer(job, page);
      }
    }
  }

  /** Does periodic work: drains connections, forgets idle alerts, retries reports, logs long waits. */
  sweep(): void {
    this.its.lanes.tidy();
    this.its.lanes.noteLongWaits();
    this.its.drains.sweep();
    this.forgetIdle();
    this.its.ledger.forgetSurplus();
    this.its.ledger.confirm();
    this.its.credentials.retry();
  }

  private tick(n: number): void {
    this.cancelTick = this.its.clock.after(tickMs, () => {
      this.tick(n + 1);
      this.checkDeadlines();
      if (n % ticksPerSweep === 0) this.sweep();
    });
  }

  private async whenDurable(ledgerPartition: LedgerPartition, deciding: Promise<Decided>): Promise<RefusedCommand[]> {
    const { refused, hasEvents } = await deciding;
    await ledgerPartition.batchDurable(hasEvents);
    return refused;
  }

  private async decideAll(ledgerPartition: LedgerPartition, commands: readonly ReceivedCommand[]): Promise<Decided> {
    const decided: Decided = { refused: [], hasEvents: false };
    for (const [key, ofAlert] of Map.groupBy(commands, keyOf)) {
      const refused = ledgerPartition.refusalOf(key);
      if (refused) {
        for (const received of ofAlert) decided.refused.push({ received, refused });
        continue;
      }
      let left = this.decideSome(ledgerPartition, key, ofAlert, decided, false);
      while (left.length > 0) {
        await ledgerPartition.batchDurable(true);
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
    const { clock, policy, ledger, texts } = this.its;
    const known = ledgerPartition.get(key);
    const allEvents: OutcomeEvent[] = [];
    let now = known;
    let taken = 0;
    for (const received of commands) {
      if (taken > 0 && now && now.pages.length > mostPagesUnwritten) break;
      const { command } = received;
      const flood = ledger.floodOf(command.sourceOrg);
      const { state, events, refused } = decide(now, received, clock.now(), policy, flood);
      // Its ended pages take no room once their outcomes are published.
      if (refused?.reason === 'too-many-pages' && !(isWritten && taken === 0) && state.pages.some(isEndedUnreported))
        break;
      // A refused page leaves no alert behind.
      if (!refused) now = state;
      if (isPending(state, command)) texts.keep(command);
      allEvents.push(...events);
      if (refused) decided.refused.push({ received, refused });
      taken += 1;
    }
    if (now !== known || allEvents.length > 0) ledgerPartition.set(key, now, allEvents);
    decided.hasEvents ||= allEvents.length > 0;
    return commands.slice(taken);
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
      else ledgerPartition.alerts.rest(key);
    }
  }

  private *allAlerts(): Generator<[LedgerPartition, string, AlertState]> {
    for (const ledgerPartition of this.its.ledger.owned)
      for (const [key, state] of ledgerPartition.alerts.all()) yield [ledgerPartition, key, state];
  }
}

const isPending = (state: AlertState, command: Command): command is PageCommand =>
  command.kind === 'page' && pageOf(state, command.pageId)?.status === 'pending';

const isEndedUnreported = (page: PageState): boolean => isEnded(page) && page.unreported.length > 0;

const keyOf = ({ command }: ReceivedCommand): string => alertIdentity(command.sourceOrg, command.alertKey);

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) await promise;
  else if (!signal.aborted) await Promise.race([promise, once(signal, 'abort')]);
}
