import type { AlertState } from '@pagebridge/contracts';
import { pageOf } from '../../domain/page.ts';
import { type Fact, type Owed, outcomeId, owed } from '../../domain/report.ts';
import type { Telling } from '../ports.ts';
import type { PartitionLost } from './partition-lost.ts';
import { Teller } from './teller.ts';

// What only tells how things go may get lost; this is how much of it is held while Kafka takes no outcomes.
const mostRetriesUntold = 10_000;
// An outcome with its page, which cannot rest before it is told; measured, with some room.
const bytesEach = 3072;

/** The outcomes of one partition on their way to subscribers: each is told once, however often its state is written. */
export class Outcomes {
  /** Of those that are to be told, or are being told. */
  private readonly ids = new Set<string>();
  private readonly teller: Teller<Telling>;

  constructor(
    /** Rejects with PartitionLost, or not at all. */
    tell: (tellings: readonly Telling[]) => Promise<void>,
    /** `write`: the last one of which all is told now. */
    onTold: (tellings: readonly Telling[], write: number) => void,
  ) {
    this.teller = new Teller(tell, (tellings, write) => {
      for (const telling of tellings) this.ids.delete(idOf(telling));
      onTold(tellings, write);
    });
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

  reached(write: number): Promise<void> {
    return this.teller.reached(write);
  }

  idle(): Promise<void> {
    return this.teller.idle();
  }

  lose(error: PartitionLost): void {
    this.teller.lose(error);
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

/** Whether a telling is of the page as it is now, and not of an attempt that a replay has followed since. */
export const isOfPresent = (now: AlertState, { page }: Telling): boolean =>
  page !== undefined && pageOf(now, page.pageId)?.replayedFrom === page.replayedFrom;

/** An outcome that a dead letter goes with. */
export const isLetter = ({ outcome }: Telling['outcome']): boolean => outcome === 'undeliverable';
