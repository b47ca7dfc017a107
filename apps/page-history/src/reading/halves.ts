import { type Place, partitionName, type Taken } from '@pagebridge/kafka';

/** Cuts what was taken into two parts; reading goes on after the first one as if only its records had been read. */
export function halvesOf({ records, places, missed, skipped }: Taken): [Taken, Taken] {
  const middle = Math.ceil(records.length / 2);
  const first = records.slice(0, middle);
  const reached = new Map<string, Place>(
    first.map(({ topic, partition, offset }) => [
      partitionName({ topic, partition }),
      { topic, partition, offset: offset + 1 },
    ]),
  );
  const isReached = ({ topic, partition }: Pick<Place, 'topic' | 'partition'>) =>
    reached.has(partitionName({ topic, partition }));
  return [
    { records: first, places: [...reached.values()], missed: missed.filter(isReached), skipped: [] },
    { records: records.slice(middle), places, missed: missed.filter((each) => !isReached(each)), skipped },
  ];
}
