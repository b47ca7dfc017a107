import type { Membership } from '../driver/group-member.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';

/** A partition that this member has owned without interruption since `generation` of the group. */
export interface Assignment extends TopicPartition {
  readonly generation: number;
}

export interface Change {
  readonly revoked: readonly Assignment[];
  readonly assigned: readonly Assignment[];
}

/** Tracks the partitions that this member owns. */
export class OwnedPartitions {
  private current = -1;
  private memberId = '';
  private owned: ReadonlyMap<string, Assignment> = new Map();

  get generation(): number {
    return this.current;
  }

  /**
   * Records a membership and returns the changes. A partition is kept only if no other member can have owned it
   * meanwhile: same member id, and the same or the next generation. Otherwise it is both revoked and assigned, so that
   * the service restores its state again.
   */
  join({ generation, memberId, partitions }: Membership): Change {
    const step = generation - this.current;
    const isUnbroken = memberId === this.memberId && (step === 0 || step === 1);
    this.current = generation;
    this.memberId = memberId;
    const assignments = Object.entries(partitions).flatMap(([topic, numbers]) =>
      numbers.toSorted((a, b) => a - b).map((partition) => ({ topic, partition, generation })),
    );
    return this.own(assignments.map((each) => (isUnbroken ? this.owned.get(partitionName(each)) : undefined) ?? each));
  }

  lose(): Change {
    this.memberId = '';
    return this.own([]);
  }

  /** Returns whether this member has owned the partition without interruption since `join` returned this assignment. */
  has(assignment: Assignment): boolean {
    return this.owned.get(partitionName(assignment)) === assignment;
  }

  owns(of: TopicPartition): boolean {
    return this.owned.has(partitionName(of));
  }

  all(): readonly Assignment[] {
    return [...this.owned.values()];
  }

  private own(assignments: readonly Assignment[]): Change {
    const [before, now] = [new Set(this.owned.values()), new Set(assignments)];
    this.owned = new Map(assignments.map((each) => [partitionName(each), each]));
    return { revoked: [...before.difference(now)], assigned: [...now.difference(before)] };
  }
}
