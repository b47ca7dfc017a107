import { Injectable } from '@nestjs/common';
import { FairQueue, type Owner } from './fair-queue.ts';

/** How long work is done before the next look at the network: less than fifty ordinary alerts take. */
const pieceMs = 2;
/** How much time may be saved up while nothing is to be done. */
const mostSavedMs = 50;

interface Job {
  readonly costMs: number;
  readonly run: () => void;
}

/**
 * Does work for some milliseconds between two looks at the network. The org that has used least time is next, then its integration that has: a large
 * group delays neither the requests that arrive nor the work of others.
 */
@Injectable()
export class FairTurns {
  /** The part of an instance's time that the work may take. */
  protected readonly share: number = 1;
  private readonly queue = new FairQueue<Job>();
  private saved = mostSavedMs;
  private savedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;

  /** Resolves with what `work` returns, or rejects with its error. Rejects if the signal is aborted before its turn. */
  run<T>(owner: Owner, signal: AbortSignal, work: () => T, costMs = 0): Promise<T> {
    if (signal.aborted) return Promise.reject(signal.reason);
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = () => {
      this.queue.delete(owner, job);
      reject(signal.reason);
    };
    const run = () => {
      signal.removeEventListener('abort', leave);
      try {
        resolve(work());
      } catch (error) {
        reject(error);
      }
    };
    const job: Job = { costMs: Math.min(costMs, mostSavedMs), run };
    signal.addEventListener('abort', leave, { once: true });
    this.queue.add(owner, job);
    this.immediate ??= setImmediate(this.turn);
    return promise;
  }

  /** Does the work for each item, in pieces of some milliseconds. */
  async each<Item>(
    owner: Owner,
    signal: AbortSignal,
    items: Iterable<Item>,
    work: (item: Item) => void,
  ): Promise<void> {
    const left = Iterator.from(items);
    const piece = () => {
      const end = performance.now() + pieceMs;
      for (let next = left.next(); !next.done; next = left.next()) {
        work(next.value);
        if (performance.now() >= end) return false;
      }
      return true;
    };
    while (!(await this.run(owner, signal, piece)));
  }

  private readonly turn = (): void => {
    clearTimeout(this.timer);
    this.immediate = undefined;
    // On a busy process a look at the network takes longer than most jobs.
    const end = performance.now() + pieceMs;
    for (let { next } = this.queue; next; next = this.queue.next) {
      const lacking = next.job.costMs - this.save();
      if (lacking > 0) {
        this.timer = setTimeout(this.turn, lacking / this.share);
        return;
      }
      this.do(next.owner, next.job);
      if (performance.now() < end) continue;
      this.immediate ??= setImmediate(this.turn);
      return;
    }
  };

  private do(owner: Owner, job: Job): void {
    const startedAt = performance.now();
    job.run();
    const took = performance.now() - startedAt;
    this.saved -= took;
    this.queue.charge(owner, took);
    this.queue.delete(owner, job);
  }

  /** Returns the time that is saved up. */
  private save(): number {
    const now = performance.now();
    this.saved = Math.min(mostSavedMs, this.saved + (now - this.savedAt) * this.share);
    this.savedAt = now;
    return this.saved;
  }
}

/** A body of 4 MiB that has as many values as are allowed takes about 50 ms. */
const msPerByte = 50 / (4 * 1024 * 1024);

/**
 * Parses bodies for at most a quarter of an instance's time, so that large bodies take it from nobody. A small body waits for at most one
 * large body of another org.
 */
@Injectable()
export class ParsingTurns extends FairTurns {
  protected override readonly share = 1 / 4;

  /** Resolves with what `parse` makes of so many bytes. */
  parse<T>(owner: Owner, signal: AbortSignal, bytes: number, parse: () => T): Promise<T> {
    return this.run(owner, signal, parse, bytes * msPerByte);
  }
}
