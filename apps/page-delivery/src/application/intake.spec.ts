import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { aPage, aResolve, received } from '../domain/commands/commands.features.ts';
import { aProcess, created } from './fakes.features.ts';

const text = 'x'.repeat(5000);
const boundBytes = 100_000;

const running = () => {
  const process = aProcess({ boundBytes });
  const connection = process.connect();
  process.own(0);
  process.own(1);
  const page = async (partition: number, alertKey: string) => {
    const command = aPage({ alertKey, description: text });
    await process.delivery.take(partition, [received(command)]);
    await process.clock.advance(0);
    return command;
  };
  return { ...process, connection, page };
};

describe('the intake', () => {
  it('does not pause a partition while few pages wait', async () => {
    const process = running();
    for (let n = 0; n < 7; n += 1) await process.page(0, `alert-${n}`);

    expect(process.intake.waitingBytes).toBeGreaterThan(7 * 10_000);
    expect([...process.paused]).toEqual([]);
  });

  it('pauses a partition that holds much when too many pages wait, but not one that holds little', async () => {
    const process = running();
    await process.page(0, 'other');
    for (let n = 0; n < 7; n += 1) await process.page(1, `alert-${n}`);
    expect([...process.paused]).toEqual([1]);
    await process.delivery.take(0, []);
    expect([...process.paused]).toEqual([1]);

    await process.page(0, 'another');
    expect([...process.paused]).toEqual([1, 0]);
    expect(process.intake.pausedPartitions).toBe(2);
  });

  it('admits at most one and a half times the bound, in whatever order pages arrive', async () => {
    const share = fc.integer({ min: 0, max: 3 });
    await fc.assert(
      fc.asyncProperty(fc.array(share, { minLength: 60, maxLength: 60 }), async (partitions) => {
        const process = running();
        process.own(2);
        process.own(3);
        for (const [n, partition] of partitions.entries()) {
          if (!process.paused.has(partition)) await process.page(partition, `alert-${n}`);
        }
        expect(process.intake.waitingBytes).toBeLessThan(1.5 * boundBytes + 4 * 15_000);
        expect(process.paused.size).toBeGreaterThan(0);
      }),
      { numRuns: 10 },
    );
  });

  it('resumes all partitions once enough memory is free, and not before', async () => {
    const process = running();
    for (let n = 0; n < 9; n += 1) await process.page(0, `alert-${n}`);
    expect([...process.paused]).toEqual([0]);

    await process.destination.calls[0]?.answer(created());
    process.delivery.sweep();
    expect([...process.paused]).toEqual([0]);

    process.destination.always.set(process.connection.connectionId, created());
    for (const call of process.destination.calls.slice()) await call.answer(created());
    await process.clock.advance(10);
    process.delivery.sweep();
    expect([...process.paused]).toEqual([]);
    expect(process.intake.waitingBytes).toBe(0);
  });

  it('resumes a partition that holds little again, however much the others hold', async () => {
    const process = running();
    const healthy = process.connect({ connectionId: '0d9f6a8e-53a7-4a0c-8a43-4f4b2a3a9c10' });
    const over = (n: number) => received(aPage({ alertKey: `healthy-${n}`, description: text, ...healthyPage }));
    const healthyPage = { connectionId: healthy.connectionId };
    await process.delivery.take(1, [over(1), over(2)]);
    for (let n = 0; n < 7; n += 1) await process.page(0, `alert-${n}`);
    expect([...process.paused].toSorted()).toEqual([0, 1]);

    await process.clock.advance(0);
    for (const call of process.destination.calls.filter((it) => it.connectionId === healthy.connectionId)) {
      await call.answer(created());
    }
    process.delivery.sweep();
    expect(process.intake.waitingBytes).toBeGreaterThan(0.8 * boundBytes);
    expect([...process.paused]).toEqual([0]);
  });

  it('resumes when waiting pages are cancelled', async () => {
    const process = running();
    for (let n = 0; n < 9; n += 1) await process.page(0, `alert-${n}`);
    for (let n = 4; n < 9; n += 1) await process.delivery.take(0, [received(aResolve({ alertKey: `alert-${n}` }))]);

    expect([...process.paused]).toEqual([]);
  });

  it('forgets a partition that has another owner, and counts the waiting pages of a gained one', async () => {
    const process = running();
    for (let n = 0; n < 9; n += 1) await process.page(0, `alert-${n}`);
    process.delivery.disown(0);
    expect(process.intake.pausedPartitions).toBe(0);
    expect(process.intake.waitingBytes).toBe(0);

    process.paused.clear();
    process.own(0, 2);
    expect([...process.paused]).toEqual([0]);
  });

  it('counts a text once that many pages share', async () => {
    const process = running();
    const event = { alertEventId: 'one', description: text };
    const pages = Array.from({ length: 20 }, (_, n) => aPage({ ...event, teamId: `team-${n}` }));
    await process.delivery.take(
      0,
      pages.map((page) => received(page)),
    );

    expect(process.intake.waitingBytes).toBeLessThan(boundBytes);
  });
});
