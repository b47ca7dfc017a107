import { describe, expect, it } from '@jest/globals';
import { partitionFaults, settingFaults } from './topic-faults.ts';

const faultsOf = (name: string, wanted: string, actual: string) =>
  settingFaults({ topic: 't', partitions: 1, config: { [name]: wanted } }, new Map([[name, actual]]));

describe('the settings of a topic', () => {
  it.each([
    ['compact', 'delete', 'the topic deletes keys that are not written again'],
    ['compact', 'compact,delete', 'the topic deletes keys that are not written again'],
    ['delete', 'compact', 'the topic deletes records before they are read'],
  ])('are wrong if its cleanup policy should be %s and is %s', (wanted, actual, consequence) => {
    const text = `t has cleanup.policy=${actual} instead of ${wanted}: ${consequence}; run kafka-configs.sh`;
    expect(faultsOf('cleanup.policy', wanted, actual)).toEqual([
      { topic: 't', isLoss: true, text: expect.stringContaining(text) },
    ]);
  });

  it('are worth a warning if records live shorter, or if producers set their time', () => {
    expect(faultsOf('retention.ms', '1000', '999')).toMatchObject([{ isLoss: false }]);
    expect(faultsOf('message.timestamp.type', 'LogAppendTime', 'CreateTime')).toMatchObject([{ isLoss: false }]);
  });

  it.each([
    ['cleanup.policy', 'compact', 'compact'],
    ['retention.ms', '1000', '1001'],
    ['retention.ms', '1000', '-1'],
    ['segment.ms', '1000', '2000'],
  ])('are right if %s should be %s and is %s', (name, wanted, actual) => {
    expect(faultsOf(name, wanted, actual)).toEqual([]);
  });
});

describe('another number of partitions', () => {
  const faultsWith = (actual: number, topic = 't') =>
    partitionFaults(new Map([[topic, actual]]), [{ topic, partitions: 12 }]).map(({ text }) => text);

  it('is cured by adding some only where there are too few and no records', () => {
    expect(faultsWith(6)).toEqual([
      expect.stringMatching(/if it has no records, run kafka-topics.sh .* --topic t --partitions 12; else recreate it/),
    ]);
    expect(faultsWith(24)).toEqual([expect.stringMatching(/order; recreate it/)]);
  });

  it('is no fault of dead letters', () => {
    expect([...faultsWith(12), ...faultsWith(1, 't.dead')]).toEqual([]);
  });
});
