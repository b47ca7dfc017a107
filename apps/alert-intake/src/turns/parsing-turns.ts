import { Injectable } from '@nestjs/common';
import { FairQueue, type Owner } from './fair-queue.ts';

/** The part of an instance's time in which it parses bodies, and how much of it may be saved up. */
const [share, mostSavedMs] = [1 / 4, 50];
/** What a byte takes to parse at most, as a guess: a body of 4 MiB that has as many values as are allowed takes about 50 ms. */
const msPerByte = 50 / (4 * 1024 * 1024);

interface Job {
  readonly bytes: number;
  readonly run: () => void;
}

/**
 * Parses bodies one after the other, for at most a quarter of an instance's time, so that large bodies take it from nobody.
 *
 * The org that has used least time is next, so a small body waits for at most one large body of another org.
 */
@Injectable()
export class ParsingTurns {
  private readonly queue = new FairQueue<Job>();
  private saved = mostSavedMs;
  private savedAt = performance.now();
  private timer: NodeJS.Timeout | undefined;
  private immediate: NodeJS.Immediate | undefined;

  /** Resolves with what `parse` returns, or rejects with its error; rejects if the signal is aborted before its turn. */
  run<T>(owner: Owner, bytes: number, signal: AbortSignal, parse: () => T): Promise<T> {
    const { promise, resolve, reject } = Promise.withResolvers<T>();
    const leave = () => {
      this.queue.delete(owner, job);
      reject(signal.reason);
    };
    const run = () => {
      signal.removeEventListener('abort', leave);
      try {
        resolve(parse());
      } catch (error) {
        reject(error);
      }
    };
    const job: Job = { bytes, run };
    if (signal.aborted) return Promise.reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    this.queue.add(owner, job);
    this.immediate ??= setImmediate(this.turn);
    return promise;
  }

  private readonly turn = (): void => {
    clearTimeout(this.timer);
    this.immediate = undefined;
    const { owner, job } = this.queue.next ?? {};
    if (!owner || !job) return;
    const lacking = Math.min(job.bytes * msPerByte, mostSavedMs) - this.save();
    if (lacking > 0) {
      this.timer = setTimeout(this.turn, lacking / share);
      return;
    }
    const startedAt = performance.now();
    job.run();
    const took = performance.now() - startedAt;
    this.saved -= took;
    this.queue.charge(owner, took);
    this.queue.delete(owner, job);
    if (this.queue.next) this.immediate ??= setImmediate(this.turn);
  };

  /** Returns the time that is saved up. */
  private save(): number {
    const now = performance.now();
    this.saved = Math.min(mostSavedMs, this.saved + (now - this.savedAt) * share);
    this.savedAt = now;
    return this.saved;
  }
}
