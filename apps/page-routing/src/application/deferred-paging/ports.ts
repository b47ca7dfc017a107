import type { Alert, Command, Event, UnroutedHandle } from '@pagebridge/contracts';
import type { Registry } from '@pagebridge/routing';
import type { Clock } from '@pagebridge/vocabulary';
import type { Written } from '../../domain/deferred-paging/history.ts';
import type { WaitingHandle } from '../../domain/deferred-paging/waiting-handles.ts';
import type { DecisionPublisher } from '../ports.ts';

/** A partition of an alert topic. The records that follow from it are in the partition with the same number of each output topic. */
export interface TopicPartition {
  readonly topic: string;
  readonly partition: number;
}

/** Reads records about waiting handles. */
export interface History {
  /** Reads the unrouted handles that were written to a partition since then. */
  waiting(partition: number, sinceMs: number, onRecord: (record: Written<UnroutedHandle>) => void): Promise<void>;
  /** Reads the commands for alerts with these identities that were written to a partition since then, up to its current end. */
  commands(
    partition: number,
    sinceMs: number,
    identities: ReadonlySet<string>,
    onCommand: (command: Written<Command>) => void,
  ): Promise<void>;
  /** Reads the alerts at these offsets; leaves out those that cannot be read any more. */
  alerts(from: TopicPartition, offsets: Iterable<number>): Promise<ReadonlyMap<number, Event<Alert>>>;
}

/** Reports the end of waiting handles. */
export interface LateNotices {
  /** Reports a late page. */
  paged(handle: WaitingHandle): void;
  /** Reports a handle that pages nobody, even if it becomes known in time. */
  givenUp(handle: WaitingHandle, detail: string): void;
  /** Reports a step that failed and is retried. */
  delayed(step: string, error: unknown): void;
}

/** Counts the ends of waiting handles. */
export interface LateMeter {
  latePages(count: number): void;
  givenUp(count: number): void;
}

export interface DeferredPagingParts {
  readonly registry: Registry;
  readonly publisher: DecisionPublisher;
  readonly history: History;
  readonly notices: LateNotices;
  readonly meter: LateMeter;
  readonly clock: Pick<Clock, 'now' | 'sleep'>;
  /** Returns whether this instance is a member of the group for a topic, so that no other owns its partitions of it. */
  readonly isMember: (topic: string) => boolean;
  /** Returns whether an org owns a topic, so that a recovery may be in another topic than its alert. */
  readonly ownsTopic: (sourceOrg: string) => boolean;
  /** How long a handle waits; 0: no handle waits. */
  readonly windowMs: number;
}
