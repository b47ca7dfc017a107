import { describe, expect, it, jest } from '@jest/globals';
import { PausedPartitions } from './paused-partitions.ts';

describe('paused partitions', () => {
  const paused = new Set<string>();
  const member = {
    pause: (topic: string, partition: number) => void paused.add(`${topic}/${partition}`),
    resume: (topic: string, partition: number) => void paused.delete(`${topic}/${partition}`),
  };

  it('resume a partition when its last reason is removed', () => {
    const pauses = new PausedPartitions(member);
    pauses.add('t', 0, 'handling');
    pauses.add('t', 0, 'assigning');
    pauses.remove('t', 0, 'assigning');
    expect(pauses.has('t', 0)).toBe(true);
    pauses.remove('t', 0, 'handling');
    expect([...paused]).toEqual([]);
  });

  it('end when the retry is due, and a longer retry extends them', () => {
    jest.useFakeTimers();
    const pauses = new PausedPartitions(member);
    pauses.addFor('t', 0, 100);
    pauses.addFor('t', 0, 300);
    jest.advanceTimersByTime(200);
    expect([...paused]).toEqual(['t/0']);
    jest.advanceTimersByTime(100);
    expect([...paused]).toEqual([]);
    jest.useRealTimers();
  });

  it('are applied again after kafkajs has forgotten them, except for lost partitions', () => {
    const pauses = new PausedPartitions(member);
    pauses.add('t', 0, 'handling');
    pauses.add('t', 1, 'handling');
    pauses.forget('t', 1);
    paused.clear();
    pauses.reapply();
    expect([...paused]).toEqual(['t/0']);
  });
});
