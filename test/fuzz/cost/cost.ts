import type { IntegrationKind } from '@pagebridge/vocabulary';
import { ordinaryBody } from '../../harness/hostile-bodies/hostile-bodies.ts';
import { type Held, received, recorded, sourcesIn, TooMuch } from './passage.ts';

const sources = await sourcesIn('dist');
const { gc = () => undefined } = globalThis;

const leastMs = 2;
const [times, timesMemory] = [3, 10];
const kibibyte = 1024;
/** How often a body is measured before it counts as too expensive: a garbage collection, or code that is not compiled yet, is no cost of it. */
const attempts = 4;

/** What the main thread has used so far, in milliseconds; neither other processes count, nor the threads that collect and compile. */
function cpuMs(): number {
  // Linux counts what the thread that runs has used since its last tick only when it sums up all threads.
  process.cpuUsage();
  const { user, system } = process.threadCpuUsage();
  return (user + system) / 1000;
}

/** Returns the CPU time of a request; once it is above the bound, the rest is left out. */
async function costMs(kind: IntegrationKind, bytes: Buffer, boundMs = Number.POSITIVE_INFINITY): Promise<number> {
  const from = cpuMs();
  const passenger = { kind, bytes, isTooMuch: () => cpuMs() - from > boundMs };
  try {
    recorded(sources, await received(sources, passenger), passenger);
  } catch (error) {
    if (!(error instanceof TooMuch)) throw error;
  }
  return cpuMs() - from;
}

const ordinary = new Map<string, number>();

/** Returns the CPU time of an ordinary body of this length, once everything is compiled. */
async function ordinaryMs(kind: IntegrationKind, length: number): Promise<number> {
  const key = `${kind} ${length}`;
  const known = ordinary.get(key);
  if (known !== undefined) return known;
  const bytes = Buffer.from(ordinaryBody(kind, length, 'usual'));
  let ms = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts; attempt += 1) ms = Math.min(ms, await costMs(kind, bytes));
  ordinary.set(key, ms);
  return ms;
}

export interface Cost {
  readonly ms: number;
  /** The CPU time that it may take. */
  readonly mostMs: number;
}

/** Returns the CPU time of a body, which is above the bound only if it is so each time. */
export async function costOf(kind: IntegrationKind, bytes: Buffer, length: number): Promise<Cost> {
  const mostMs = times * Math.max(leastMs, await ordinaryMs(kind, length));
  let ms = Number.POSITIVE_INFINITY;
  for (let attempt = 0; attempt < attempts && ms > mostMs; attempt += 1) {
    ms = Math.min(ms, await costMs(kind, bytes, mostMs));
  }
  return { ms, mostMs };
}

// Well above what other things move.
const enoughBytes = 4 * 1024 * kibibyte;

export interface Weight {
  readonly bytes: number;
  readonly most: number;
}

/** Returns what a request holds in memory while it waits; of a short one, several are held at once. */
export async function weightOf(kind: IntegrationKind, bytes: Buffer): Promise<Weight> {
  const all: Held[] = [];
  const many = Math.max(1, Math.ceil(enoughBytes / (timesMemory * bytes.length)));
  gc();
  const before = process.memoryUsage();
  for (let n = 0; n < many; n += 1) all.push(await received(sources, { kind, bytes, isTooMuch: () => false }));
  gc();
  const after = process.memoryUsage();
  const alerts = all[0]?.alerts ?? 0;
  return {
    bytes: (after.heapUsed - before.heapUsed) / many,
    most: Math.max(timesMemory * bytes.length, kibibyte * alerts),
  };
}
