import type { Membership } from '../driver/group-member.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';

/** A partition that this member owns, in one generation of the group. */
export interface Assignment extends TopicPartition {
  readonly generation: number;
}

export interface Change {
  readonly revoked: readonly Assignment[];
  readonly assigned: readonly Assignment[];
  readonly change: number;
}

/** The partitions that this member owns, and since which change it has owned each without a break. */
export class OwnedPartitions {
  private current = -1;
  private memberId = '';
  private owned: Readonly<Record<string, readonly number[]>> = {};
  // The change that assigned each partition: a late `onAssigned` of an older one must not count.
  private readonly since = new Map<string, number>();
  private changes = 0;

  get generation(): number {
    return this.current;
  }

  /**
   * Partitions count as kept only if nobody else can have owned them meanwhile: the same member in the same or the
   * very next generation. Anything else is revoked and newly assigned, so that its state is read anew.
   */
  join({ generation, memberId, partitions }: Membership): Change {
    const step = generation - this.current;
    const unbroken = memberId === this.memberId && (step === 0 || step === 1);
    const before = this.owned;
    const kept = unbroken ? before : {};
    const revoked = without(before, unbroken ? partitions : {}, this.current);
    this.current = generation;
    this.memberId = memberId;
    this.owned = partitions;
    const assigned = without(partitions, kept, generation);
    return this.note(revoked, assigned);
  }

  lose(): Change {
    const revoked = without(this.owned, {}, this.current);
    this.owned = {};
    this.memberId = '';
    return this.note(revoked, []);
  }

  /** Has the partition been owned without a break since `join` returned it? */
  isStillOwned(assignment: Assignment, change: number): boolean {
    return this.since.get(partitionName(assignment)) === change;
  }

  private note(revoked: readonly Assignment[], assigned: readonly Assignment[]): Change {
    this.changes += 1;
    for (const each of revoked) this.since.delete(partitionName(each));
    for (const each of assigned) this.since.set(partitionName(each), this.changes);
    return { revoked, assigned, change: this.changes };
  }
}

type Partitions = Readonly<Record<string, readonly number[]>>;

const without = (from: Partitions, minus: Partitions, generation: number): Assignment[] =>
  Object.entries(from).flatMap(([topic, partitions]) =>
    partitions
      .filter((partition) => !minus[topic]?.includes(partition))
      .toSorted((a, b) => a - b)
      .map((partition) => ({ topic, partition, generation })),
  );
