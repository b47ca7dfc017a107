import { setTimeout as delay } from 'node:timers/promises';
import { type KafkaSettings, type LogReader, topicsSeen } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';
import type { Standing } from './standing.ts';
import { readTopics, topicsToRead } from './topics.ts';

const lookEveryMs = 15_000;

/** Reads the topics that there are, such as one that a source org owns, from when on it exists. */
export class FollowedTopics {
  /** The topics that are read, with their numbers of partitions. */
  private readonly read = new Map<string, number>();
  private failed: ReadonlyMap<string, string> = new Map();
  private hasLooked = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly logs: LogReader,
    private readonly standing: Standing,
    private readonly log: Log,
  ) {}

  /** Whether all topics have been looked for once. */
  get isWhole(): boolean {
    return this.hasLooked;
  }

  /** The topics that should be read and cannot be, or are not there. */
  get leftOut(): string[] {
    return [...new Set([...this.failed.keys(), ...readTopics.filter((topic) => !this.read.has(topic))])];
  }

  get detail(): string {
    const failed = [...this.failed].map(([topic, why]) => `; not read: ${topic}: ${why}`);
    return `${this.read.size} topics${failed.join('')}`;
  }

  /** Looks again and again. Rejects when the signal is aborted, or if Kafka does not answer at all. */
  async follow(signal: AbortSignal): Promise<void> {
    for (;;) {
      const seen = await topicsSeen(this.settings);
      signal.throwIfAborted();
      const wanted = topicsToRead(seen.keys());
      for (const topic of this.read.keys()) {
        if (seen.has(topic)) continue;
        this.logs.leave(topic);
        this.read.delete(topic);
      }
      const missing = wanted.filter((topic) => this.read.get(topic) !== seen.get(topic));
      const results = await Promise.all(missing.map((topic) => this.begin(topic)));
      signal.throwIfAborted();
      this.note(new Map(results.flatMap((failure) => (failure ? [failure] : []))));
      this.hasLooked = true;
      await delay(lookEveryMs, undefined, { signal });
    }
  }

  /** Returns why a topic cannot be read; undefined if it can. */
  private async begin(topic: string): Promise<readonly [string, string] | undefined> {
    try {
      // Not what the look has seen: brokers learn of a new partition one after the other.
      this.read.set(topic, await this.logs.read(topic, this.standing.placesOf(topic)));
      return undefined;
    } catch (error) {
      return [topic, (error as Error).message];
    }
  }

  private note(failed: ReadonlyMap<string, string>): void {
    for (const [topic, error] of failed) {
      if (this.failed.get(topic) !== error) this.log.error({ topic, error }, 'cannot read topic; retrying');
    }
    this.failed = failed;
  }
}
