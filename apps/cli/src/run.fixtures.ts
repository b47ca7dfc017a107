import { jest } from '@jest/globals';
import { exitCodeOf } from '@pagebridge/process';
import { program } from './program.ts';

/** What a command printed, and its exit code. */
export interface End {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process, with no variables but these. */
export async function run(line: readonly string[], env: NodeJS.ProcessEnv = {}, its = program): Promise<End> {
  const former = process.env;
  process.env = { ...env };
  const printed = { stdout: '', stderr: '' };
  const spies = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      printed[name] += String(text);
      return true;
    }),
  );
  try {
    const status = await exitCodeOf(() => its(line));
    return { status, ...printed };
  } finally {
    for (const spy of spies) spy.mockRestore();
    process.env = former;
  }
}
