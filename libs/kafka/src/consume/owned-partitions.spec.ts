import { describe, expect, it } from '@jest/globals';
import { OwnedPartitions } from './owned-partitions.ts';

const membership = (generation: number, partitions: number[], memberId = 'm') => ({
  generation,
  memberId,
  partitions: { t: partitions },
});
const assignment = (partitions: number[], generation: number) =>
  partitions.map((partition) => ({ topic: 't', partition, generation }));

describe('owned partitions', () => {
  it('reports only the difference between one generation and the next', () => {
    const owned = new OwnedPartitions();
    expect(owned.join(membership(1, [2, 0, 1]))).toMatchObject({ revoked: [], assigned: assignment([0, 1, 2], 1) });
    expect(owned.join(membership(2, [1, 3]))).toMatchObject({
      revoked: assignment([0, 2], 1),
      assigned: assignment([3], 2),
    });
    expect(owned.join(membership(2, [1, 3]))).toMatchObject({ revoked: [], assigned: [] });
  });

  it.each([
    ['a generation was missed', membership(3, [0])],
    ['the member id is new', membership(2, [0], 'other')],
  ])('reports a partition as revoked and assigned if %s, because another member may have owned it', (_when, next) => {
    const owned = new OwnedPartitions();
    owned.join(membership(1, [0]));
    expect(owned.join(next)).toMatchObject({
      revoked: assignment([0], 1),
      assigned: assignment([0], next.generation),
    });
  });

  it('revokes everything when the member leaves the group', () => {
    const owned = new OwnedPartitions();
    owned.join(membership(1, [0]));
    expect(owned.lose()).toMatchObject({ revoked: assignment([0], 1) });
    expect(owned.join(membership(2, [0]))).toMatchObject({ assigned: assignment([0], 2) });
  });

  it('recognizes partitions that are owned without interruption since an assignment', () => {
    const owned = new OwnedPartitions();
    const { assigned } = owned.join(membership(1, [0, 1]));
    owned.join(membership(2, [1]));
    owned.join(membership(3, [0, 1]));
    expect(assigned.filter((each) => owned.has(each))).toEqual(assignment([1], 1));
  });
});
