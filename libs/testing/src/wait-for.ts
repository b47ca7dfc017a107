import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface WaitOptions {
  /** How long the condition may take to come true. Default 20,000: a busy machine is no failure. */
  readonly withinMs?: number;
  /** Pause between two looks. Default 20. */
  readonly everyMs?: number;
  /** What to show of the world when time is up; default is what the condition last answered or threw. */
  readonly lastSeen?: () => unknown;
}

type NotYet = undefined | null | false;

/**
 * Waits for a fact instead of a time: resolves with the first answer of `condition` that is not undefined, null or false.
 *
 * A condition that throws counts as "not yet", so an `expect` inside it is waited for as well.
 * Errors: when time is up, says what was waited for, for how long, and what was last seen.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | NotYet | Promise<T | NotYet>,
  { withinMs = 20_000, everyMs = 20, lastSeen }: WaitOptions = {},
): Promise<T> {
  const start = performance.now();
  let seen: unknown;
  for (;;) {
    try {
      const answer = await condition();
      if (answer !== undefined && answer !== null && answer !== false) return answer;
      seen = answer;
    } catch (error) {
      seen = error;
    }
    if (performance.now() - start > withinMs) {
      throw new Error(`waited ${withinMs} ms for ${what}; last seen: ${describe(lastSeen ? lastSeen() : seen)}`, {
        ...(seen instanceof Error ? { cause: seen } : {}),
      });
    }
    await sleep(everyMs);
  }
}

const describe = (seen: unknown): string =>
  seen instanceof Error ? seen.message : inspect(seen, { depth: 5, breakLength: 120, maxArrayLength: 20 });
