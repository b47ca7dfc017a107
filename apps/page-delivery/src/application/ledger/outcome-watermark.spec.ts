import { describe, expect, it } from '@jest/globals';
import { FakeClock } from '@pagebridge/testing';
import fc from 'fast-check';
import { aPage, received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, created, FakeDestinationClient, FakeLedgerWriter } from '../fakes.fixtures.ts';
import { PartitionLost } from './partition-lost.ts';

type Step =
  | { do: 'page'; alert: number }
  | { do: 'answer'; n: number }
  | { do: 'tear'; states: number }
  | { do: 'mute'; times: number }
  | { do: 'sweep' }
  | { do: 'hand over' };

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('page' as const), alert: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('answer' as const), n: fc.nat(3) }) },
  { weight: 4, arbitrary: fc.record({ do: fc.constant('tear' as const), states: fc.nat(2) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('mute' as const), times: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.constant({ do: 'sweep' as const }) },
  { weight: 4, arbitrary: fc.constant({ do: 'hand over' as const }) },
);

/** A former owner leaves two outcomes unreported, and the next owner's first write fails after the first state. */
const tornAtTakeover: Step[] = [
  { do: 'page', alert: 0 },
  { do: 'page', alert: 1 },
  { do: 'tear', states: 1 },
  { do: 'answer', n: 0 },
  { do: 'tear', states: 2 },
  { do: 'answer', n: 1 },
  // Enough steps for the write to be retried.
  ...[0, 0, 0].map((n): Step => ({ do: 'answer', n })),
  { do: 'tear', states: 1 },
  { do: 'hand over' },
];

/** Runs successive owners of a partition, each of which starts from the records of the former ones. */
async function played(history: readonly Step[]) {
  const clock = new FakeClock(new Date('2026-01-31T12:00:00.000Z'));
  const log = new FakeLedgerWriter();
  const destination = new FakeDestinationClient();
  let ownerEpoch = 0;
  const next = () => {
    ownerEpoch += 1;
    const process = aProcess({ clock, log, destination });
    process.connect();
    process.own(0, ownerEpoch);
    return process;
  };
  let owner = next();
  const handOver = async () => {
    owner.delivery.disown(0);
    owner = next();
    await clock.advance(60);
  };
  for (const step of history) {
    if (step.do === 'page') {
      const taking = owner.delivery.handle(0, [received(aPage({ alertKey: `alert-${step.alert}` }))]);
      // The command is not committed: Kafka would deliver it again.
      taking.catch((error) => expect(error).toBeInstanceOf(PartitionLost));
    } else if (step.do === 'answer') await destination.calls[step.n % destination.calls.length]?.answer(created());
    else if (step.do === 'tear') log.tearNext(step.states);
    else if (step.do === 'mute') log.muteNext(step.times);
    else if (step.do === 'hand over') await handOver();
    else {
      await clock.advance(10_000);
      owner.delivery.sweep();
    }
    // Too short for a retry of a failed write.
    await clock.advance(step.do === 'tear' ? 0 : 60);
  }
  await handOver();
  await clock.advance(1000);
  return log;
}

describe('the outcome of a page', () => {
  it('is published at least once, whichever writes are partial and whichever owner takes over', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 25 }), async (history) => {
        const log = await played(history);
        for (const { pages } of log.read(0).values()) {
          for (const { pageId, status } of pages) {
            if (status === 'delivered') expect(log.outcomesOf(pageId)).toContain('delivered');
          }
        }
      }),
      { numRuns: 200, examples: [[tornAtTakeover]] },
    );
  });

  it('is published exactly once if every write succeeds and the watermark is recorded', async () => {
    const history: Step[] = [0, 1, 2, 3].flatMap((n): Step[] => [
      { do: 'page', alert: n },
      { do: 'answer', n },
    ]);
    const log = await played([...history, { do: 'sweep' }, { do: 'hand over' }]);

    expect(log.published).toHaveLength(4);
  });
});
