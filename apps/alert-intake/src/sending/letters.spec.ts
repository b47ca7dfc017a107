import { afterEach, expect, it, jest } from '@jest/globals';
import { type OutgoingRecord, RefusedAlerts } from '@pagebridge/contracts';
import type { Publisher } from '@pagebridge/kafka';
import { systemClock } from '@pagebridge/service';
import { anIntegration } from '@pagebridge/testing';
import { FairTurns } from '../turns/fair-turns.ts';
import { Letters } from './letters.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const integration = anIntegration();
const refusal = (title: string) => ({
  place: 'alerts.0',
  reason: 'status is neither firing nor resolved',
  request: { title },
});

it('keep the same refusal once an hour, and another at once; one that Kafka did not take is kept again', async () => {
  const elapsed = jest.spyOn(systemClock, 'elapsedMs').mockReturnValue(0);
  const kept: string[] = [];
  let isDown = true;
  const publish: Publisher['publish'] = async (records) => {
    if (isDown) throw new Error('Kafka is down');
    for (const record of records as readonly OutgoingRecord[]) {
      const read = RefusedAlerts.decode(record);
      if (read.ok) kept.push(read.event.data.request);
    }
  };
  const letters = new Letters({ publish } as Publisher, new FairTurns());
  const keep = (title: string) => letters.keep([refusal(title)], integration, new AbortController().signal);
  await expect(keep('a')).rejects.toThrow('down');
  isDown = false;
  for (const title of ['a', 'a', 'b']) await keep(title);
  expect(kept).toEqual(['{"title":"a"}', '{"title":"b"}']);
  elapsed.mockReturnValue(60 * 60 * 1000);
  await keep('a');
  expect(kept).toHaveLength(3);
});
