import type { Alert, Command, Event, UnroutedHandle } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { Registry } from '../../domain/decide.ts';
import type { Written } from '../../domain/late-binding/history.ts';
import type { WaitingHandle } from '../../domain/late-binding/waiting-handles.ts';
import type { DecisionPublisher } from '../ports.ts';

/** A partition of a topic of alerts. What is written for it stands in the partition of that number, in each topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** What stands in Kafka of what waits. */
export interface History {
  /** Handles of alerts of partitions of this number that were left to wait since then. */
  waiting(partition: number, sinceMs: number, take: (record: Written<UnroutedHandle>) => void): Promise<void>;
  /** Commands of alerts with these identities that were written to a partition since then, to the end it has now. */
  commands(
    partition: number,
    sinceMs: number,
    identities: ReadonlySet<string>,
    take: (command: Written<Command>) => void,
  ): Promise<void>;
  /** The alerts that stand at these offsets and can still be read. */
  alerts(from: TopicPartition, offsets: Iterable<number>): Promise<ReadonlyMap<number, Event<Alert>>>;
}

/** Told what becomes of handles that wait. */
export interface LateNotices {
  /** Its page goes out late. */
  paged(handle: WaitingHandle): void;
  /** It pages nobody though it may become known in time. */
  givenUp(handle: WaitingHandle, detail: string): void;
  /** Kafka fails what waits; it is tried again. */
  delayed(what: string, error: unknown): void;
}

/** Told how often something happened to handles that wait. */
export interface LateMeter {
  latePages(count: number): void;
  givenUp(count: number): void;
}

export interface LateBindingParts {
  readonly registry: Registry;
  readonly publisher: DecisionPublisher;
  readonly history: History;
  readonly notices: LateNotices;
  readonly meter: LateMeter;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Nobody else can own the partitions of this topic now. */
  readonly isMember: (topic: string) => boolean;
  /** What ends a wait of this org may stand in another topic than its alert. */
  readonly ownsTopic: (sourceOrg: string) => boolean;
  /** How long a handle waits; 0: not at all. */
  readonly windowMs: number;
}
