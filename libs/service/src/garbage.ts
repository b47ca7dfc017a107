import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';

/**
 * Makes V8 allocate every object in the young generation, where garbage costs almost nothing.
 *
 * By default V8 allocates the objects of an expression in the old generation once most of them have survived a collection, as
 * in a backlog after a start. A dead object there stays until the next full collection and retains everything it refers to,
 * for example a whole alert: under load page-routing copied half of its allocations, which took a fifth of its time.
 */
export const collectYoung = (): void => setFlagsFromString('--no-allocation-site-pretenuring');

/** The size, both semi-spaces together, from which the young generation may no longer grow. */
const youngBytes = 32 * 1024 * 1024;
/** The old generation is collected when it exceeds its live objects by this much. */
const growthPercent = 40;

/**
 * Makes V8 collect garbage early instead of growing the heap, in a service with much data and little load.
 *
 * By default V8 lets the young generation grow to 128 MiB and the old generation to a multiple of its live objects, as long as
 * the machine has memory: handle-sync with 100,000 teams used 480 to 660 MiB for 135 MiB of live objects. V8 reads the flags
 * set here at each decision, but the flag for the size of the young generation only at its start, from the command line.
 */
export function collectEarly(): void {
  setFlagsFromString(`--heap-growing-percent=${growthPercent}`);
  let mayGrow = true;
  const observer = new PerformanceObserver(() => {
    const isSmall = youngSize() < youngBytes;
    if (isSmall === mayGrow) return;
    mayGrow = isSmall;
    // V8 shrinks the young generation when the process is idle, so it must be able to grow again.
    setFlagsFromString(`--semi-space-growth-factor=${mayGrow ? 2 : 1}`);
  });
  observer.observe({ entryTypes: ['gc'] });
}

const headroomBytes = 200 * 1024 * 1024;
const leastGrowthPercent = 50;

/** Returns by how much the old generation may exceed its live objects before it is collected. */
export const growthFor = (usedBytes: number): number =>
  Math.max(leastGrowthPercent, Math.round((headroomBytes / usedBytes) * 10) * 10);

/**
 * Makes V8 collect the old generation once garbage takes 200 MiB, or half as much as the live objects where that is more,
 * in a service that may have to keep much data for hours.
 *
 * By default V8 would let garbage take up to three times as much memory as the live objects. A small heap that may only grow
 * by half would be collected so often that it took a quarter of the CPU time under load.
 */
export function boundGarbage(): void {
  let percent = 0;
  const observer = new PerformanceObserver(() => {
    const next = growthFor(getHeapStatistics().used_heap_size);
    if (next === percent) return;
    percent = next;
    setFlagsFromString(`--heap-growing-percent=${percent}`);
  });
  observer.observe({ entryTypes: ['gc'] });
}

const youngSize = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;
