import { Alerts, deadLetterTopicOf, orgAlertsGroup } from '@pagebridge/contracts';
import {
  BatchConsumer,
  type BatchConsumerOptions,
  type BatchHandler,
  type KafkaSettings,
  requireRights,
  SecurityError,
  type TopicRight,
  topicsSeen,
} from '@pagebridge/kafka';
import type { Clock } from '@pagebridge/vocabulary';
import type { AlertTopics } from '../domain/alert-topics.ts';

const lookEveryMs = 500;
const againAfterMs = 4000;

/** What is done with the alerts of these topics. */
export interface OrgAlertsHandling
  extends Partial<Omit<BatchConsumerOptions, 'group' | 'topics' | 'handlers' | 'onFatal'>> {
  readonly handler: BatchHandler;
}

interface Running {
  readonly topics: readonly string[];
  readonly consumer: BatchConsumer;
  isDead: boolean;
}

/**
 * Consumes the topics that source orgs own, all in one group, and begins anew when others are to be read.
 *
 * A topic that is not there, or may not be read, keeps no other from being read: it is looked for until it is.
 */
export class OrgTopics {
  #running: Running | undefined;
  #revision = 0;
  #lookedAtMs = 0;
  /** The topics that are left out, each with the reason. */
  #leftOut: ReadonlyMap<string, string> = new Map();
  /** Why none is read; empty while they are. */
  #trouble = '';
  readonly #end = new AbortController();
  #following: Promise<void> = Promise.resolve();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly topics: AlertTopics,
    private readonly clock: Clock,
    private readonly group: string = orgAlertsGroup,
  ) {}

  get isMember(): boolean {
    return this.#running?.consumer.health().ready === true;
  }

  /** Follows the topics from now on; nothing waits for it. */
  start(handling: OrgAlertsHandling): void {
    this.#following = this.#follow(handling);
  }

  async stop(): Promise<void> {
    this.#end.abort();
    await this.#following;
    await this.#stopReading();
  }

  /** Never unfit: the alerts of all other orgs are routed. */
  health(): { readonly detail: string } {
    const { topics = [], consumer } = this.#running ?? {};
    const state = consumer ? `, ${consumer.health().detail}` : '';
    const leftOut = [...this.#leftOut].map(([topic, reason]) => `; left out: ${topic}: ${reason}`);
    const trouble = this.#trouble && `; tried again: ${this.#trouble}`;
    return { detail: `${topics.length} topics of source orgs${state}${leftOut.join('')}${trouble}` };
  }

  async #follow(handling: OrgAlertsHandling): Promise<void> {
    const { signal } = this.#end;
    while (!signal.aborted) {
      let waitMs = lookEveryMs;
      try {
        if (this.#isDue()) {
          await this.#renew(handling);
          this.#trouble = '';
        }
      } catch (error) {
        this.#trouble = (error as Error).message;
        this.settings.log.warn('The topics of source orgs cannot be read, tried again', { error: this.#trouble });
        waitMs = againAfterMs;
      }
      // Rejects when this is stopped.
      await this.clock.sleep(waitMs, signal).catch(() => undefined);
    }
  }

  /** At once when an org comes or goes; while something is amiss, now and then. */
  #isDue(): boolean {
    if (this.topics.revision !== this.#revision) return true;
    const isRunning = this.#running ? this.isMember && !this.#running.isDead : this.topics.topics.length === 0;
    return (this.#leftOut.size > 0 || !isRunning) && this.clock.elapsedMs() - this.#lookedAtMs > againAfterMs;
  }

  async #renew(handling: OrgAlertsHandling): Promise<void> {
    const { revision, topics: wanted } = this.topics;
    const leftOut = wanted.length > 0 ? await this.#leftOutOf(wanted) : new Map<string, string>();
    const there = wanted.filter((topic) => !leftOut.has(topic));
    this.#tell(leftOut);
    const isSame = !this.#running?.isDead && String(there) === String(this.#running?.topics ?? []);
    if (!isSame) {
      await this.#stopReading();
      if (there.length > 0) await this.#read(there, handling);
    }
    this.#revision = revision;
    this.#lookedAtMs = this.clock.elapsedMs();
  }

  /** Which of them cannot be read, and why. With other partitions an alert would lose the order that it has in every other topic. */
  async #leftOutOf(wanted: readonly string[]): Promise<Map<string, string>> {
    const seen = await topicsSeen(this.settings);
    const { partitions } = Alerts.card;
    const leftOut = new Map<string, string>();
    for (const topic of wanted) {
      const unseen = [topic, deadLetterTopicOf(topic)].find((name) => !seen.has(name));
      const count = seen.get(topic);
      if (unseen !== undefined) leftOut.set(topic, `${unseen} is not there, or Kafka denies Describe on it`);
      else if (count !== partitions) leftOut.set(topic, `it has ${count} partitions instead of ${partitions}`);
    }
    const there = wanted.filter((topic) => !leftOut.has(topic));
    if (there.length > 0 && (await this.#deniedOf(there))) {
      for (const topic of there) {
        const denied = await this.#deniedOf([topic]);
        if (denied) leftOut.set(topic, denied);
      }
    }
    return leftOut;
  }

  /** Which right is missing; undefined where none is. A consumer that is denied one of its topics reads none of them. */
  async #deniedOf(topics: readonly string[]): Promise<string | undefined> {
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

  #tell(leftOut: ReadonlyMap<string, string>): void {
    if (leftOut.size > 0 && String([...leftOut]) !== String([...this.#leftOut])) {
      const cure =
        'create them by the program `topics --org <org>`, and grant what the program `acls --org <org>` prints';
      this.settings.log.error(`Topics of source orgs are left out: ${cure}`, { leftOut: Object.fromEntries(leftOut) });
    }
    this.#leftOut = leftOut;
  }

  async #read(topics: readonly string[], { handler: handlers, ...tuning }: OrgAlertsHandling): Promise<void> {
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
    this.settings.log.info('Reading topics of source orgs', { group: this.group, topics });
  }

  async #stopReading(): Promise<void> {
    const running = this.#running;
    this.#running = undefined;
    await running?.consumer.stop();
  }
}
