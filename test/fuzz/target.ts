import { inspect } from 'node:util';
import fc from 'fast-check';

/** A case that broke a promise, with the values to repeat it. */
interface Found {
  readonly target: string;
  readonly seed: number;
  readonly path: string;
  readonly counterexample: string;
  readonly error: string;
}

interface Fed {
  /** The number of cases by target. */
  readonly targets: Record<string, number>;
  readonly found: readonly Found[];
}

interface Feeding {
  readonly seed: number;
  /** The time for all targets together. */
  readonly forMs: number;
  readonly path?: string;
  readonly stopping?: AbortSignal;
  readonly say?: (line: string) => void;
}

const stretchMs = 1500;
// A case that takes longer counts as failed: a request that hangs, or a text that takes quadratic time.
const maxCaseMs = 15_000;
const maxShown = 2000;

/** Feeds the targets in turn until the time is up; a target that failed is not fed again. */
export async function feed(all: readonly Target[], { seed, forMs, path, stopping, say }: Feeding): Promise<Fed> {
  const targets: Record<string, number> = Object.fromEntries(all.map(({ name }) => [name, 0]));
  const found: Found[] = [];
  const until = performance.now() + forMs;
  const eachMs = Math.min(stretchMs, forMs / all.length);
  let left = all;
  for (let round = 0; left.length > 0; round += 1) {
    for (const target of left) {
      if (stopping?.aborted || (round > 0 && performance.now() >= until)) return { targets, found };
      // This is the seed in the report of a failure, so that the case can be repeated.
      const failure = await feedOne(target, (seed + round * 7919) % 2 ** 31, eachMs, path, (cases) => {
        targets[target.name] = (targets[target.name] ?? 0) + cases;
      });
      if (!failure) continue;
      found.push(failure);
      left = left.filter((other) => other !== target);
      say?.(shown(failure));
    }
    say?.(`round ${round + 1}: ${Object.values(targets).reduce((sum, each) => sum + each, 0)} cases`);
    if (path !== undefined || performance.now() >= until) break;
  }
  return { targets, found };
}

async function feedOne(
  { name, property, prepare }: Target,
  seed: number,
  forMs: number,
  path: string | undefined,
  count: (cases: number) => void,
): Promise<Found | undefined> {
  await prepare?.();
  const run = await fc.check(property, {
    seed,
    numRuns: 1_000_000,
    timeout: maxCaseMs,
    ...(path === undefined ? { interruptAfterTimeLimit: forMs } : { path, numRuns: 1, endOnFailure: true }),
  });
  count(run.numRuns);
  if (!run.failed || run.counterexamplePath === null) return undefined;
  return {
    target: name,
    seed: run.seed,
    path: run.counterexamplePath,
    counterexample: cut(inspect(run.counterexample, { depth: 8, maxStringLength: 400, maxArrayLength: 40 })),
    error: cut(messageOf(run.errorInstance)),
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? (error.stack ?? error.message) : String(error));
const cut = (text: string): string => (text.length > maxShown ? `${text.slice(0, maxShown)} …` : text);

const shown = ({ target, seed, path, counterexample, error }: Found): string =>
  `FAILED ${target}; again: npm run fuzz -- --target '${target}' --seed ${seed} --path ${path}\n${error}\nby ${counterexample}`;

/** A reader of external data. */
export interface Target {
  readonly name: string;
  /** Draws a case and checks the result. Throws if a promise is broken. */
  readonly property: fc.IAsyncProperty<[unknown]>;
  /** Called before each series of cases. */
  readonly prepare?: () => Promise<void>;
}

/** Returns a target. `look` throws or rejects for a case that breaks a promise; any escaped error counts too. */
export const target = <Case>(
  name: string,
  cases: fc.Arbitrary<Case>,
  look: (drawn: Case) => unknown,
  prepare?: () => Promise<void>,
): Target => ({
  name,
  property: fc.asyncProperty(cases, async (drawn) => void (await look(drawn))) as unknown as fc.IAsyncProperty<
    [unknown]
  >,
  ...(prepare ? { prepare } : {}),
});

/** Throws the complaint unless the promise holds. */
export function promise(holds: boolean, complaint: string): asserts holds {
  if (!holds) throw new Error(complaint);
}
