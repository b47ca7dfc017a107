import type { AlertState, PageState } from '@pagebridge/contracts';
import { alertIdentity } from '@pagebridge/vocabulary';
import { pageOf } from '../../domain/page.ts';
import { type Fact, type Owed, outcomeId, owed, reported } from '../../domain/report.ts';
import type { Clock, LedgerWriter, Telemetry, Telling } from '../ports.ts';
import type { AlertTable } from './alert-table.ts';
import type { PartitionLost } from './partition-lost.ts';
import type { Persistence } from './persistence.ts';
import { Teller } from './teller.ts';
import type { ToldMark } from './told-mark.ts';

// What only tells how things go may get lost; this is how much of it is held while Kafka takes no outcomes.
const mostRetriesUntold = 10_000;
// An outcome with its page, which cannot rest before it is told; measured, with some room.
const bytesEach = 3072;

export interface OutcomeParts {
  readonly partition: number;
  readonly alerts: AlertTable;
  readonly mark: ToldMark;
  readonly persistence: Persistence;
  readonly writer: LedgerWriter;
  readonly telemetry: Telemetry;
  readonly clock: Clock;
  /** Nothing of this alert is to be told any more. */
  readonly onTold: (key: string) => void;
}

/** The outcomes of one partition on their way to subscribers: each is told once, however often its state is written. */
export class Outcomes {
  /** Of those that are to be told, or are being told. */
  private readonly ids = new Set<string>();
  private readonly teller: Teller<Telling>;

  constructor(private readonly its: OutcomeParts) {
    this.teller = new Teller(
      (tellings) => this.tell(tellings),
      (tellings, write) => this.told(tellings, write),
    );
  }

  /** The last write of which everything is told; 0: none. */
  get upTo(): number {
    return this.teller.upTo;
  }

  /** What takes memory until it is told, roughly. */
  get waitingBytes(): number {
    return this.teller.backlog * bytesEach;
  }

  /** To be called for each write, also for one of which nothing is to be told. */
  add(write: number, tellings: readonly Telling[]): void {
    this.teller.add(write, tellings);
  }

  /** Of the facts of a write, and of what the state that it holds owes, what is not told or about to be; `now`: as it is. */
  untoldOf(facts: readonly Fact[], written: AlertState | undefined, now: AlertState | undefined): Telling[] {
    const owing = written ? owed(written).filter((telling) => stillOwes(now, telling)) : [];
    return [...facts, ...owing].filter((telling) => this.take(telling));
  }

  reached(write: number): Promise<unknown> {
    return this.teller.reached(write);
  }

  idle(): Promise<void> {
    return this.teller.idle();
  }

  lose(error: PartitionLost): void {
    this.teller.lose(error);
  }

  /** Writes the dead letters of pages that were given up. Rejects with PartitionLost, or not at all. */
  async writeLetters(owing: readonly Owed[]): Promise<void> {
    const { persistence, writer, partition } = this.its;
    if (owing.length > 0) await persistence.persist((signal) => writer.deadLetters(partition, owing, signal));
  }

  // A page is not said to be undeliverable before its dead letter is written.
  private async tell(tellings: readonly Telling[]): Promise<void> {
    const { persistence, writer } = this.its;
    const ofPages = tellings.flatMap(({ page, ...fact }) => (page ? [{ ...fact, page }] : []));
    await this.writeLetters(ofPages.filter(({ outcome }) => isLetter(outcome)));
    await persistence.persist((signal) => writer.outcomes(tellings, signal));
  }

  private told(tellings: readonly Telling[], write: number): void {
    for (const telling of tellings) {
      this.ids.delete(idOf(telling));
      this.its.telemetry.outcome(telling.outcome, telling.page?.occurredAt);
      if (telling.page) this.note(telling, telling.page, write);
    }
  }

  /** A page owes this outcome no more; the ledger learns of it with the next write. */
  private note({ outcome }: Telling, page: PageState, write: number): void {
    const { alerts, mark, clock, onTold } = this.its;
    const key = alertIdentity(outcome.sourceOrg, outcome.alertKey);
    const entry = alerts.entry(key);
    const now = entry?.state;
    if (!now) return;
    // A replay may have followed since, and it owes outcomes of its own.
    if (pageOf(now, page.pageId)?.replayedFrom === page.replayedFrom) {
      const isDurable = now === entry.durable;
      const state = reported(now, [outcome]);
      alerts.set(key, state);
      // What has been told makes no difference to what the ledger holds to be done.
      if (isDurable) alerts.hold(key, state);
    }
    mark.told(key, write, clock.now().getTime());
    onTold(key);
  }

  private take(telling: Telling): boolean {
    if (telling.outcome.outcome === 'retried') return this.teller.backlog < mostRetriesUntold;
    const id = idOf(telling);
    if (this.ids.has(id)) return false;
    this.ids.add(id);
    return true;
  }
}

const stillOwes = (now: AlertState | undefined, { outcome, page }: Owed): boolean =>
  pageOf(now, page.pageId)?.unreported.includes(outcome.outcome) ?? false;

// A replay makes a new attempt of a page, with outcomes of its own.
const idOf = ({ outcome, page }: Telling): string => `${outcomeId(outcome)}@${page?.replayedFrom ?? ''}`;

/** An outcome that a dead letter goes with. */
export const isLetter = ({ outcome }: Telling['outcome']): boolean => outcome === 'undeliverable';
