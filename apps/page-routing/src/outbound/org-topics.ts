import { Alerts, orgAlertsGroup } from '@pagebridge/contracts';
import {
  BatchConsumer,
  type BatchConsumerOptions,
  type BatchHandler,
  type KafkaSettings,
  LogLimiter,
  requireRights,
  SecurityError,
  type TopicRight,
  topicsSeen,
} from '@pagebridge/kafka';
import type { AlertTopics } from '@pagebridge/routing';
import { type Clock, deadLetterTopicOf } from '@pagebridge/vocabulary';

const checkEveryMs = 500;
const retryAfterMs = 4000;
// Short, because a stop waits for a running attempt; the next one follows soon.
const connectTimeoutMs = 5000;

const grant = 'add the ACLs that `pagebridge acls --org <org>` prints';
const create = `create the topic and its dead-letter topic with \`pagebridge topics create --org <org>\`, and ${grant}`;
const replace =
  'set `alertTopic` of the org to `both`, move its producers to the shared topic, then delete and recreate the topic';

/** Why a topic is not read, and what an operator does about it. */
interface LeftOut {
  readonly reason: string;
  readonly cure: string;
}

/** The handler and the tuning of the consumer. */
export interface OrgConsumerOptions
  extends Partial<Omit<BatchConsumerOptions, 'group' | 'topics' | 'handlers' | 'onFatal'>> {
  readonly handler: BatchHandler;
}

interface Running {
  readonly topics: readonly string[];
  readonly consumer: BatchConsumer;
  isDead: boolean;
}

/**
 * Consumes the topics that source orgs own in one group, with a new consumer whenever the list of topics changes.
 *
 * A topic that does not exist, or that Kafka denies, is left out and checked every few seconds; the others are read meanwhile.
 */
export class OrgTopics {
  #running: Running | undefined;
  #revision = 0;
  #checkedAtMs = 0;
  #leftOut: ReadonlyMap<string, LeftOut> = new Map();
  /** The error of the last update of the consumer; empty after a success. */
  #error = '';
  readonly #end = new AbortController();
  #loop: Promise<void> = Promise.resolve();
  private readonly settings: KafkaSettings;

  constructor(
    settings: KafkaSettings,
    private readonly topics: AlertTopics,
    private readonly clock: Clock,
    private readonly group: string = orgAlertsGroup,
    private readonly reminders: LogLimiter = new LogLimiter(() => undefined, { lines: 1, windowMs: 60_000 }),
  ) {
    this.settings = { ...settings, connectTimeoutMs };
  }

  get isMember(): boolean {
    return this.#running?.consumer.health().ready === true;
  }

  /** The number of topics that are not read: those left out, and all of them while the consumer is not in its group. */
  get unread(): number {
    const read = new Set(this.isMember ? this.#running?.topics : []);
    return this.topics.topics.filter((topic) => !read.has(topic)).length;
  }

  /** Starts to read in the background. */
  start(options: OrgConsumerOptions): void {
    this.#loop = this.#run(options);
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#loop;
    await this.#stopReading();
  }

  /** Returns a detail without a verdict: the alerts of all other orgs are routed in any case. */
  health(): { readonly detail: string } {
    const { topics = [], consumer } = this.#running ?? {};
    const state = consumer ? `, ${consumer.health().detail}` : '';
    const leftOut = [...this.#leftOut].map(([topic, { reason }]) => `; not read: ${topic}: ${reason}`);
    const error = this.#error && `; retrying after an error: ${this.#error}`;
    return { detail: `${topics.length} topics of source orgs${state}${leftOut.join('')}${error}` };
  }

  async #run(options: OrgConsumerOptions): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      let waitMs = checkEveryMs;
      try {
        if (this.#isDue()) {
          await this.#update(options);
          this.#error = '';
        }
      } catch (error) {
        this.#error = (error as Error).message;
        this.settings.log.warn('reading source org topics failed; retrying', { error: this.#error });
        waitMs = retryAfterMs;
      }
      // `sleep` rejects when `stop` is called.
      await this.clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** Returns true at once when the list of topics has changed, and every few seconds while not all of them are read. */
  #isDue(): boolean {
    if (this.topics.revision !== this.#revision) return true;
    const isRunning = this.#running ? this.isMember && !this.#running.isDead : this.topics.topics.length === 0;
    return (this.#leftOut.size > 0 || !isRunning) && this.clock.elapsedMs() - this.#checkedAtMs > retryAfterMs;
  }

  async #update(options: OrgConsumerOptions): Promise<void> {
    const { revision, topics: wanted } = this.topics;
    const leftOut = wanted.length > 0 ? await this.#unreadableOf(wanted) : new Map<string, LeftOut>();
    const readable = wanted.filter((topic) => !leftOut.has(topic));
    this.#setLeftOut(leftOut);
    const isSame = !this.#running?.isDead && String(readable) === String(this.#running?.topics ?? []);
    if (!isSame) {
      await this.#stopReading();
      if (readable.length > 0) await this.#read(readable, options);
    }
    this.#revision = revision;
    this.#checkedAtMs = this.clock.elapsedMs();
  }

  /** Returns the topics that cannot be read. Another number of partitions would change the order of alerts. */
  async #unreadableOf(wanted: readonly string[]): Promise<Map<string, LeftOut>> {
    const seen = await topicsSeen(this.settings);
    const { partitions } = Alerts.card;
    const leftOut = new Map<string, LeftOut>();
    const leaveOut = (topic: string, reason: string, cure: string) => leftOut.set(topic, { reason, cure });
    for (const topic of wanted) {
      const missing = [topic, deadLetterTopicOf(topic)].find((name) => !seen.has(name));
      const count = seen.get(topic);
      if (missing !== undefined) leaveOut(topic, `${missing} does not exist, or Kafka denies Describe on it`, create);
      else if (count !== partitions)
        leaveOut(topic, `the topic has ${count} partitions instead of ${partitions}`, replace);
    }
    const readable = wanted.filter((topic) => !leftOut.has(topic));
    if (readable.length > 0 && (await this.#missingRightOn(readable))) {
      for (const topic of readable) {
        const missing = await this.#missingRightOn([topic]);
        if (missing) leaveOut(topic, missing, grant);
      }
    }
    return leftOut;
  }

  /** Returns which right is missing; undefined if none is. A consumer that is denied one of its topics reads none of them. */
  async #missingRightOn(topics: readonly string[]): Promise<string | undefined> {
    const rights = topics.flatMap((topic): [string, TopicRight[]][] => [
      [topic, ['Read']],
      [deadLetterTopicOf(topic), ['Write']],
    ]);
    try {
      await requireRights(this.settings, Object.fromEntries(rights));
      return undefined;
    } catch (error) {
      if (error instanceof SecurityError) return error.message;
      throw error;
    }
  }

  #setLeftOut(leftOut: ReadonlyMap<string, LeftOut>): void {
    // The line is repeated, because the alerts of these orgs page nobody meanwhile.
    if (leftOut.size > 0 && this.reminders.admits('left out')) {
      this.settings.log.error('source org topics skipped', { skipped: Object.fromEntries(leftOut) });
    }
    this.#leftOut = leftOut;
  }

  async #read(topics: readonly string[], { handler: handlers, ...tuning }: OrgConsumerOptions): Promise<void> {
    const onFatal = () => {
      running.isDead = true;
    };
    const running: Running = {
      topics,
      consumer: new BatchConsumer(this.settings, { ...tuning, group: this.group, topics, handlers, onFatal }),
      isDead: false,
    };
    this.#running = running;
    try {
      await running.consumer.start();
    } catch (error) {
      await this.#stopReading();
      throw error;
    }
    this.settings.log.info('reading source org topics', { group: this.group, topics });
  }

  async #stopReading(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.consumer.stop();
  }
}
