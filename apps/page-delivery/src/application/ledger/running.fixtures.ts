import type { Command } from '@pagebridge/contracts';
import { received } from '../../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, type Setup } from '../fakes.fixtures.ts';

/** Starts a process with one connection and two partitions. */
export function running(setup: Setup = {}) {
  const process = aProcess(setup);
  process.connect();
  process.own(0);
  process.own(1);
  const take = async (partition: number, ...commands: Command[]) => {
    const taking = process.delivery.handle(
      partition,
      commands.map((command) => received(command)),
    );
    // Some tests do not await a batch that is rejected.
    taking.catch(() => undefined);
    await process.clock.advance(1);
    return taking;
  };
  return { ...process, take };
}
