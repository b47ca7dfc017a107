/** What a program of the local stack hands over, so that whatever happens nothing of it is left running. */
export interface Program {
  /** The exit code. */
  readonly run: (stopping: AbortSignal) => Promise<number>;
  /** Ends all children in order. */
  readonly stop: () => Promise<void>;
  /** Ends all children at once. */
  readonly kill: () => void;
}

const signals = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

// npm passes a terminal's Ctrl-C on to a child that has had it already: two signals at once are one wish.
const oneWishMs = 1000;

/**
 * Runs a program and exits with its code, after everything it started has ended.
 *
 * Ctrl-C, SIGTERM, SIGHUP and an error nobody caught stop it in order; a second Ctrl-C ends it at once.
 */
export async function runProgram(program: Program): Promise<never> {
  // Nobody reads it any more, as when a terminal was closed: what was started is stopped all the same.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
  const stopping = new AbortController();
  const interrupted = new Promise<number>((resolve) => {
    let firstAt: number | undefined;
    const onSignal = (signal: keyof typeof signals) => {
      if (firstAt !== undefined && performance.now() - firstAt > oneWishMs) {
        program.kill();
        process.exit(signals[signal]);
      }
      if (firstAt !== undefined) return;
      firstAt = performance.now();
      process.stderr.write(`\nstopping (${signal}); again to stop at once …\n`);
      stopping.abort();
      resolve(signals[signal]);
    };
    for (const signal of Object.keys(signals) as (keyof typeof signals)[]) process.on(signal, () => onSignal(signal));
    const onError = (error: unknown) => {
      process.stderr.write(`${describe(error)}\n`);
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
    // While stopping, whatever waits for a child fails: that is no news, and the signal's code counts.
    if (stopping.aborted) return 1;
    process.stderr.write(`${describe(error)}\n`);
    return 1;
  }
}

// An Error says in its message what to do; its stack is for those who ask.
const describe = (error: unknown): string =>
  error instanceof Error ? (process.env.DEBUG && error.stack) || error.message : String(error);
