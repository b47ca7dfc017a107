import { once } from 'node:events';
import type { ReceivedCommand, RefusedCommand, Restored } from '@pagebridge/page-lifecycle';
import { alertIdentity } from '@pagebridge/vocabulary';
import type { CredentialReports } from './credential-reports.ts';
import type { Drains } from './drains.ts';
import type { Ledger } from './ledger/ledger.ts';
import type { LedgerPartition } from './ledger/ledger-partition.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { OperatorLog } from './operator-log.ts';
import type { Clock, Log } from './ports.ts';
import type { PageReader } from './reading-back/page-reader.ts';
import type { Lanes } from './scheduling/lanes.ts';
import type { Scheduler } from './scheduling/scheduler.ts';

interface Decided {
  readonly refused: RefusedCommand[];
  readonly hasOutcomes: boolean;
}

const sweepMs = 2000;
const longWaitMs = 3 * 60_000;
const noteEveryMs = 2 * 60_000;
// There may be millions of alerts, and a sweep blocks the event loop.
const alertsPerSweep = 500;

export interface DeliveryDependencies {
  readonly ledger: Ledger;
  readonly lanes: Lanes;
  readonly scheduler: Scheduler;
  readonly operatorLog: Pick<OperatorLog, 'pageWaits'>;
  readonly credentials: CredentialReports;
  readonly drains: Drains;
  readonly reader: Pick<PageReader, 'start' | 'stop'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Takes commands into the ledger, owns partitions, runs the periodic sweep, and stops. */
export class Delivery {
  private nextNoteAt = 0;
  private cancelSweep: (() => void) | undefined;
  private walk: Iterator<[LedgerPartition, string]> | undefined;

  constructor(private readonly deps: DeliveryDependencies) {}

  /**
   * Decides a batch of commands. Resolves once the ledger holds all decisions, so that the offset may be committed.
   *
   * If the process dies before, Kafka delivers the batch again, and commands that the ledger already holds change
   * nothing. No destination is called before the ledger holds the page. Rejects with PartitionLost, or with LedgerBusy
   * if the ledger could not be written for a minute.
   */
  handle(partition: number, commands: readonly ReceivedCommand[]): Promise<readonly RefusedCommand[]> {
    const ledgerPartition = this.deps.ledger.partition(partition);
    if (!ledgerPartition) return Promise.reject(new PartitionLost(partition));
    const { time = '' } = commands.at(-1) ?? {};
    ledgerPartition.recordTime.saw(time);
    // Not async: an async function keeps its arguments while it waits, here the decoded commands (ADR 60).
    return this.whenDurable(ledgerPartition, this.decideAll(ledgerPartition, commands));
  }

  own(partition: number, ownerEpoch: number, restored: Restored): void {
    this.disown(partition);
    this.deps.credentials.takenOver();
    const ledgerPartition = this.deps.ledger.own(partition, ownerEpoch, restored);
    this.deps.scheduler.startCalls();
    this.deps.log.debug(
      { partition, ownerEpoch: ledgerPartition.ownerEpoch, alerts: ledgerPartition.alerts.size },
      'partition acquired',
    );
  }

  /**
   * Stops work on a partition at once. The answers of calls in flight are not written: their pages are `attempting` in
   * the ledger, and the next owner attempts them again as possible duplicates.
   */
  disown(partition: number): void {
    const ledgerPartition = this.deps.ledger.partition(partition);
    if (!ledgerPartition) return;
    this.deps.ledger.disown(partition);
    this.deps.lanes.drop(ledgerPartition);
    this.deps.log.debug({ partition, ownerEpoch: ledgerPartition.ownerEpoch }, 'partition released');
  }

  /** Starts the sweeps, and the reading of what responders do. */
  start(): void {
    this.sweepLater();
    this.deps.reader.start();
  }

  private sweepLater(): void {
    this.cancelSweep = this.deps.clock.after(sweepMs, () => {
      this.sweepLater();
      this.sweep();
    });
  }

  /**
   * Starts no more calls, and waits for the calls in flight and their writes. Commands are still taken. When the signal
   * is aborted, this method leaves the rest to the next owner, so that the process can leave the group.
   */
  async stop(signal: AbortSignal): Promise<void> {
    this.cancelSweep?.();
    this.deps.reader.stop();
    this.deps.scheduler.stop();
    await this.callsRecorded(signal);
    this.deps.ledger.confirm(0);
    await unlessAborted(this.deps.ledger.drained(), signal);
    if (signal.aborted) for (const { partition } of this.deps.ledger.owned) this.disown(partition);
  }

  /**
   * Resolves when no call is in flight and all answers are written, so that the next owner need not repeat a call, or
   * when the signal is aborted. The lease prevents new calls meanwhile.
   */
  async callsRecorded(signal?: AbortSignal): Promise<void> {
    while (this.deps.lanes.depth().running > 0 && !signal?.aborted) {
      await new Promise<void>((resolve) => void this.deps.clock.after(20, resolve));
    }
    await unlessAborted(this.deps.ledger.drained(), signal);
  }

  /** Does periodic work: drains connections, forgets idle alerts, retries reports, logs long waits. */
  sweep(): void {
    const { lanes, drains, ledger, credentials, scheduler } = this.deps;
    lanes.tidy();
    this.noteLongWaits();
    drains.sweep();
    this.forgetIdle();
    ledger.forgetSurplus();
    ledger.confirm();
    for (const ledgerPartition of ledger.owned) ledgerPartition.retryUnwritten();
    credentials.retry();
    scheduler.startCalls();
  }

  /** Logs from time to time, for each connection and kind of call, the page that has waited longest, if it has waited for minutes. */
  private noteLongWaits(): void {
    const { clock, lanes, operatorLog } = this.deps;
    if (clock.elapsedMs() < this.nextNoteAt) return;
    this.nextNoteAt = clock.elapsedMs() + noteEveryMs;
    for (const job of lanes.longestWaits(longWaitMs)) {
      const { connection } = lanes.of(job.connectionId);
      if (connection) operatorLog.pageWaits(job, connection);
    }
  }

  private async whenDurable(ledgerPartition: LedgerPartition, deciding: Promise<Decided>): Promise<RefusedCommand[]> {
    const { refused, hasOutcomes } = await deciding;
    await ledgerPartition.batchDurable(hasOutcomes);
    return refused;
  }

  private async decideAll(ledgerPartition: LedgerPartition, commands: readonly ReceivedCommand[]): Promise<Decided> {
    const { ledger, scheduler } = this.deps;
    const all: RefusedCommand[] = [];
    let hasOutcomes = false;
    for (const [key, ofAlert] of Map.groupBy(commands, keyOf)) {
      for (let left: readonly ReceivedCommand[] = ofAlert; left.length > 0; ) {
        const isWritten = left !== ofAlert;
        if (isWritten) {
          scheduler.startCalls();
          await ledgerPartition.batchDurable(true);
        }
        const admission = ledger.admissionOf(ledgerPartition, key, left[0]?.command.sourceOrg ?? '');
        const { effects } = ledgerPartition.step(key, { kind: 'commands', received: left, admission, isWritten });
        const postponed: ReceivedCommand[] = [];
        for (const effect of effects) {
          if (effect.kind === 'park') all.push(effect);
          else if (effect.kind === 'postpone') postponed.push(effect.received);
          else if (effect.kind === 'publish') hasOutcomes ||= !effect.pending.page;
        }
        left = postponed;
      }
    }
    // Before the write begins, which then has the announcements of the calls, too.
    scheduler.startCalls();
    return { refused: all, hasOutcomes };
  }

  private forgetIdle(): void {
    this.walk ??= this.allAlerts();
    for (let seen = 0; seen < alertsPerSweep; seen += 1) {
      const next = this.walk.next();
      if (next.done) {
        this.walk = undefined;
        return;
      }
      const [ledgerPartition, key] = next.value;
      ledgerPartition.alerts.deactivate(key);
      ledgerPartition.step(key, { kind: 'aged', by: ledgerPartition.recordTime.now() });
    }
  }

  private *allAlerts(): Generator<[LedgerPartition, string]> {
    const { ledger } = this.deps;
    // A walk takes many sweeps, and must not hold the partitions that are lost meanwhile.
    for (const partition of ledger.owned.map((owned) => owned.partition)) {
      const ledgerPartition = ledger.partition(partition);
      if (!ledgerPartition) continue;
      for (const [key] of ledgerPartition.alerts.all()) {
        if (ledgerPartition.lost) break;
        yield [ledgerPartition, key];
      }
    }
  }
}

const keyOf = ({ command }: ReceivedCommand): string => alertIdentity(command.sourceOrg, command.alertKey);

async function unlessAborted(promise: Promise<void>, signal: AbortSignal | undefined): Promise<void> {
  if (!signal) await promise;
  else if (!signal.aborted) await Promise.race([promise, once(signal, 'abort')]);
}
