import { setTimeout as sleep } from 'node:timers/promises';
import { countIn } from '@pagebridge/process';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Given } from '../resources/given.ts';
import type { Run } from './act.ts';

const everyMs = 1000;

export const timeoutOption: Given = [
  '--timeout <seconds>',
  'maximum time to wait; default 60',
  'timeout',
  (text) => countIn('--timeout', text, 1, 3600),
];

/** Asks every second until there is an answer; undefined if there is none within `--timeout`, also from a service that is away. */
export async function watched<T>({ options }: Run, ask: () => Promise<T | undefined>): Promise<T | undefined> {
  const end = Date.now() + Number(options.timeout ?? 60) * 1000;
  for (;;) {
    const answer = await ask().catch((error: unknown) => {
      if (error instanceof CommandError && error.exitCode === exitCodes.unavailable) return undefined;
      throw error;
    });
    if (answer !== undefined || Date.now() >= end) return answer;
    await sleep(everyMs);
  }
}
