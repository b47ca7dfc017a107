import { expect, it } from '@jest/globals';
import { type Observed, plaintext } from '@pagebridge/kafka';
import { waitFor } from '@pagebridge/testing';
import { BackgroundTable } from './background-table.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

it('shows the start of the process as its last read while no attempt to read succeeds, also between the attempts', async () => {
  const observed: Observed[] = [];
  const closed: Observed[] = [];
  const observer = {
    opened: (part: Observed) => void observed.push(part),
    closed: (part: Observed) => void closed.push(part),
  };
  const settings = { brokers: [], security: plaintext, clientId: 'spec', log, observer, connectTimeoutMs: 0 };
  const ages: number[] = [];
  const failed = () => {
    const states = observed.filter((part) => !closed.includes(part)).flatMap((part) => part.topicStates());
    const readAt = Math.min(...states.map((state) => state.readAt ?? Number.POSITIVE_INFINITY));
    ages.push(Math.abs(readAt - (Date.now() - performance.now())));
  };
  const table = new BackgroundTable({
    ...{ settings, topics: ['a.v1'], onRecord: quiet, failure: 'failed', retryDelayMs: 1 },
    log: { ...log, error: failed },
  });
  table.start();
  await waitFor('three attempts', () => ages.length >= 3);
  expect(ages.filter((ms) => ms > 100)).toEqual([]);
  expect(closed).toEqual([]);
  await table.stop();
  expect(observed.filter((part) => !closed.includes(part))).toEqual([]);
});
