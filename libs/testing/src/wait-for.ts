import { setTimeout as sleep } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface WaitOptions {
  /** How long the condition may take to become true. Default 120,000: a wait detects a hang, on a machine that others use too. */
  readonly withinMs?: number;
  /** The pause between two evaluations. Default 20. */
  readonly everyMs?: number;
  /** Returns the state to report on a timeout; default: the last result or error of the condition. */
  readonly lastSeen?: () => unknown;
}

type NotYet = undefined | null | false;

/**
 * Waits for a condition: resolves with the first result of `condition` that is not undefined, null or false.
 *
 * A condition that throws is evaluated again, so it may contain an `expect`.
 * Rejects on a timeout with `what`, the time waited, and the last result or error.
 */
export async function waitFor<T>(
  what: string,
  condition: () => T | NotYet | Promise<T | NotYet>,
  { withinMs = 120_000, everyMs = 20, lastSeen }: WaitOptions = {},
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
