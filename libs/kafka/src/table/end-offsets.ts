import type { Broker } from '../cluster/broker.ts';
import type { Cluster } from '../cluster/cluster.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { SharedQuestion } from './shared-question.ts';

type Ends = ReadonlyMap<string, number>;

/** Asks the leaders of partitions for their end offsets, each over one connection that stays open; who asks meanwhile shares its next answer. */
export class EndOffsets {
  private readonly questions = new Map<Broker, SharedQuestion<Ends>>();

  /** `all`: the partitions of which a leader is asked at once. */
  constructor(private readonly all: () => readonly TopicPartition[]) {}

  /** Returns the end offsets by partition name, of those whose leader is known and answers. Waits only for the leaders of these partitions. */
  async of(cluster: Cluster, partitions: readonly TopicPartition[]): Promise<Ends> {
    const leaders = new Set(partitions.map(({ topic, partition }) => cluster.leaderOf(topic, partition)));
    const asked = [...leaders].flatMap((leader) => (leader ? [this.questionTo(leader, cluster).ask()] : []));
    const answers = await Promise.allSettled(asked);
    return new Map(answers.flatMap((answer) => (answer.status === 'fulfilled' ? [...answer.value] : [])));
  }

  private questionTo(leader: Broker, cluster: Cluster): SharedQuestion<Ends> {
    const known = this.questions.get(leader);
    if (known) return known;
    const question = new SharedQuestion(() => this.ask(leader, cluster));
    this.questions.set(leader, question);
    return question;
  }

  private async ask(leader: Broker, cluster: Cluster): Promise<Ends> {
    const led = this.all().filter(({ topic, partition }) => cluster.leaderOf(topic, partition) === leader);
    const connection = await leader.questions.open();
    const answers = await connection.offsets(led, 'latest');
    return new Map(answers.flatMap((at) => (at.error === undefined ? [[partitionName(at), at.offset]] : [])));
  }
}
