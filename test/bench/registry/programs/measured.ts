import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { median } from '../../harness/statistics.ts';
import { handleAt, handlesOf, numbersBelow, orgName, type WorldSize } from '../world.ts';

const lookups = 200_000;

/** Mentions of handles over all orgs, in no order that a cache could like. */
export interface Mentions {
  readonly orgs: readonly string[];
  readonly names: readonly string[];
}

/** The big org is asked like any other: what it has more of is found no more often. */
export function mentionsIn(size: WorldSize, ending = ''): Mentions {
  const below = numbersBelow(1);
  const chosen = Array.from({ length: lookups }, () => {
    const org = below(size.orgs);
    return { org: orgName(org), name: flat(handleAt(org, below(handlesOf(size, org))) + ending) };
  });
  return { orgs: chosen.map(({ org }) => org), names: chosen.map(({ name }) => name) };
}

// As JSON.parse makes them: V8 keeps a concatenation in parts until somebody looks at its characters.
const flat = (text: string): string => Buffer.from(text).toString();

/** The time that this thread has had on a processor: what others take of a busy machine is no part of it. */
export function cpuMicroseconds(): number {
  const { user, system } = process.threadCpuUsage();
  return user + system;
}

/** Nanoseconds that one call takes, the median of a few passes. */
export function nanosecondsEach(mentions: Mentions, ask: (org: string, name: string) => boolean): number {
  const { orgs, names } = mentions;
  const passes: number[] = [];
  for (let pass = 0; pass < 5; pass += 1) {
    const startedAt = cpuMicroseconds();
    for (let i = 0; i < orgs.length; i += 1) {
      if (!ask(orgs[i] ?? '', names[i] ?? '')) throw new Error(`${orgs[i]} answers wrongly on ${names[i]}`);
    }
    passes.push(((cpuMicroseconds() - startedAt) * 1000) / orgs.length);
  }
  return median(passes);
}

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use after everything that can go has gone: V8's heap and the buffers outside it. */
export function bytesInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
