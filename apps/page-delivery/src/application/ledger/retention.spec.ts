import { expect, it } from '@jest/globals';
import { aPage } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created } from '../fakes.fixtures.ts';
import { running } from './running.fixtures.ts';

const day = 24 * 60 * 60_000;
const hours = async (process: Pick<ReturnType<typeof aProcess>, 'clock' | 'delivery'>, count: number) => {
  for (let hour = 0; hour < count; hour += 1) {
    await process.clock.advance(60 * 60_000);
    process.delivery.sweep();
  }
};

/** A process with an open page, and the log that it has written. */
const withOpenPage = async () => {
  const process = running({ policy: { retentionMs: 7 * day } });
  await process.take(0, aPage());
  await process.destination.calls[0]?.answer(created());
  await process.clock.advance(1000);
  return process;
};

it('an idle alert is forgotten once its retention has passed', async () => {
  const process = await withOpenPage();
  await hours(process, 6 * 24);
  expect(process.log.read(0).size).toBe(1);
  await hours(process, 25);
  expect(process.log.read(0).size).toBe(0);
});

it('a process that starts with a clock that is far ahead forgets no open page', async () => {
  const { log, clock } = await withOpenPage();
  const ahead = aProcess({ log, policy: { retentionMs: 7 * day } });
  ahead.clock.setBack(-30 * day);
  expect(ahead.clock.now().getTime() - clock.now().getTime()).toBeGreaterThan(29 * day);
  ahead.own();
  await hours(ahead, 2);

  expect(log.read(0).size).toBe(1);
});
