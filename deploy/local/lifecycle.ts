import { exitCodes, UsageError } from './command-line.ts';

/** A program of the local stack, with the means to end all of its children. */
export interface Program {
  /** Runs the program; resolves to the exit code. */
  readonly run: (stopping: AbortSignal) => Promise<number>;
  /** Ends all children in order. */
  readonly stop: () => Promise<void>;
  /** Ends all children at once. */
  readonly kill: () => void;
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

// npm forwards Ctrl-C to a child that the terminal has signalled already: two signals within this time count as one.
const sameInterruptMs = 1000;

/**
 * Runs a program and exits with its code after all of its children have ended.
 *
 * Ctrl-C, SIGTERM, SIGHUP and an uncaught error stop the children in order; a second Ctrl-C kills them at once.
 */
export async function runProgram(program: Program): Promise<never> {
  // The terminal may be closed: a failed write must not prevent the orderly stop.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const stopping = new AbortController();
  const interrupted = new Promise<number>((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (signal: keyof typeof signals) => {
      if (firstAt !== undefined && performance.now() - firstAt > sameInterruptMs) {
        program.kill();
        process.exit(signals[signal]);
      }
      if (firstAt !== undefined) return;
      firstAt = performance.now();
      process.stderr.write(`\nstopping (${signal}); press Ctrl-C again to stop immediately …\n`);
      stopping.abort();
      resolve(signals[signal]);
    };
    for (const signal of Object.keys(signals) as (keyof typeof signals)[]) process.on(signal, () => onSignal(signal));
    const onError = (error: unknown) => {
      process.stderr.write(`error: ${describe(error)}\n`);
      stopping.abort();
      resolve(1);
    };
    process.on('uncaughtException', onError);
    process.on('unhandledRejection', onError);
  });
  const code = await Promise.race([codeOf(program, stopping.signal), interrupted]);
  await program.stop();
  process.exit(code);
}

async function codeOf(program: Program, stopping: AbortSignal): Promise<number> {
  try {
    return await program.run(stopping);
  } catch (error) {
    // During a stop, every wait for a child fails. Those errors are expected, and the exit code is that of the signal.
    if (stopping.aborted) return 1;
    process.stderr.write(`error: ${describe(error)}\n`);
    return error instanceof UsageError ? exitCodes.usage : exitCodes.failed;
  }
}

// The message of an Error names the cure; DEBUG prints the stack.
const describe = (error: unknown): string =>
  error instanceof Error ? (process.env.DEBUG && error.stack) || error.message : String(error);
