import { alertsCardOf, cards, handlerOf, orgAlertsGroup, ownerOf } from '@pagebridge/contracts';
import {
  committedOffsets,
  type KafkaSettings,
  RangeReader,
  rightsOn,
  SecurityError,
  topicsSeen,
} from '@pagebridge/kafka';
import { momentText } from '@pagebridge/vocabulary';
import { answered } from '../kafka/answered.ts';
import { mergedFetchBytes } from '../kafka/merged.ts';
import { definitionsFor, knownAmong } from './names.ts';

/** How far a group has read a topic. */
export interface GroupLag {
  readonly group: string;
  /** Records that it has not read; null if its offsets may not be seen. */
  readonly lagRecords: number | null;
  /** The age of the oldest of them; null if the topic may not be read. */
  readonly lagSeconds: number | null;
}

/** What a topic holds now. `kept` and `last` are the times of its first and last record; null if there is none, or may not be read. */
export interface TopicState {
  readonly topic: string;
  readonly partitions: number;
  /** The offsets that it holds: more than its records if it is compacted. */
  readonly records: number;
  readonly kept: string | null;
  readonly last: string | null;
  readonly groups: readonly GroupLag[];
}

export interface Topics {
  readonly topics: readonly TopicState[];
  /** Declared topics that do not exist, or that this user may not see. */
  readonly unseen: readonly string[];
}

type Ranges = Awaited<ReturnType<RangeReader['ranges']>>;

/** Returns the state of all topics of Pagebridge. Rejects with a KafkaError. */
export async function topicStates(settings: KafkaSettings): Promise<Topics> {
  const counts = await topicsSeen(settings);
  const names = knownAmong(counts.keys());
  const unseen = definitionsFor(counts.keys()).flatMap(({ topic }) => (counts.has(topic) ? [] : topic));
  const rights = await rightsOn(settings, names);
  const reader = new RangeReader(settings, mergedFetchBytes);
  const look = new Look(settings, reader, (topic) => rights.get(topic)?.includes('Read') === true);
  try {
    const all = names.flatMap((topic) =>
      Array.from({ length: counts.get(topic) ?? 0 }, (_, partition) => ({ topic, partition })),
    );
    const [whole, dated] = await answered(reader, Promise.all([reader.ranges(all), reader.ranges(all, 0)]));
    const byTopic = Map.groupBy(whole, ({ topic }) => topic);
    const datedByTopic = Map.groupBy(dated, ({ topic }) => topic);
    const states = names.map((topic) => look.stateOf(topic, byTopic.get(topic) ?? [], datedByTopic.get(topic) ?? []));
    return { topics: await answered(reader, Promise.all(states)), unseen };
  } finally {
    await reader.stop();
  }
}

/** The groups of the services that read a topic. */
const groupsOf = (topic: string): readonly string[] => {
  if (ownerOf(topic) !== undefined) return [orgAlertsGroup];
  const card = alertsCardOf(topic) ?? cards.find((each) => each.topic === topic);
  return card && handlerOf(card) ? [handlerOf(card) as string] : [];
};

class Look {
  private readonly now = Date.now();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly reader: RangeReader,
    private readonly mayRead: (topic: string) => boolean,
  ) {}

  async stateOf(topic: string, ranges: Ranges, dated: Ranges): Promise<TopicState> {
    const first = Math.min(...dated.flatMap(({ lowAt }) => lowAt ?? []));
    const full = ranges.filter(({ low, high }) => high > low);
    const lasts = await Promise.all(full.map(({ partition, high }) => this.timeAt(topic, partition, high - 1)));
    const last = Math.max(...lasts.flatMap((at) => at ?? []));
    return {
      ...{ topic, partitions: ranges.length },
      records: ranges.reduce((sum, { low, high }) => sum + high - low, 0),
      ...{ kept: textOf(first), last: textOf(last) },
      groups: await Promise.all(groupsOf(topic).map((group) => this.lagOf(group, topic, ranges))),
    };
  }

  private async lagOf(group: string, topic: string, ranges: Ranges): Promise<GroupLag> {
    try {
      const committed = await committedOffsets(this.settings, group, topic);
      const behind = ranges.flatMap(({ partition, low, high }) => {
        const next = Math.max(low, committed.get(partition) ?? low);
        return next < high ? { partition, next, records: high - next } : [];
      });
      const times = await Promise.all(behind.map(({ partition, next }) => this.timeAt(topic, partition, next)));
      const oldest = Math.min(this.now, ...times.flatMap((at) => at ?? []));
      return {
        group,
        lagRecords: behind.reduce((sum, { records }) => sum + records, 0),
        lagSeconds: behind.length > 0 && !this.mayRead(topic) ? null : Math.round((this.now - oldest) / 1000),
      };
    } catch (error) {
      if (!(error instanceof SecurityError)) throw error;
      return { group, lagRecords: null, lagSeconds: null };
    }
  }

  /** Returns the time of the first record from an offset on that one fetch finds. */
  private async timeAt(topic: string, partition: number, offset: number): Promise<number | undefined> {
    if (!this.mayRead(topic)) return undefined;
    let at: number | undefined;
    await this.reader.readFrom(topic, partition, offset, (record) => {
      at ??= record.timestamp;
    });
    return at;
  }
}

const textOf = (ms: number): string | null => momentText(ms) ?? null;
