import { connectionFaults } from './connections.ts';
import { destinationFaults } from './destinations.ts';
import type { Fault, Need, Scene } from './fault.ts';
import { killAlone, processFaults } from './processes.ts';

const everything: readonly (readonly [weight: number, fault: Fault])[] = [
  ...processFaults,
  ...destinationFaults,
  ...connectionFaults,
];
// Each kind once before any comes again by weight: a run of some minutes has seen them all.
const meanGapMs = 4_500;

export interface Wishes {
  /** Parts of the names of the faults that may happen; all where there is none. */
  readonly kinds: readonly string[];
  /** What there is none of: faults that need it do not happen. */
  readonly lacking: readonly Need[];
}

/** Lets the faults that are wished for happen as the seed says until `ends`, and repairs each. */
export async function letFaultsHappen(
  scene: Scene,
  { kinds, lacking }: Wishes,
  ends: AbortSignal,
): Promise<Record<string, number>> {
  const all = everything.filter(
    ([, { kind, needs }]) =>
      (kinds.length === 0 || kinds.some((part) => kind.includes(part))) && !(needs && lacking.includes(needs)),
  );
  if (all.length === 0) throw new Error(`no fault is called ${kinds.join(' or ')}`);
  const counts: Record<string, number> = {};
  const underWay = new Set<Promise<void>>();
  const errors: Error[] = [];
  let unseen = scene.random.shuffled(all.map(([, fault]) => fault));
  // First of all, while nothing else recovers.
  if (unseen.includes(killAlone)) unseen = [killAlone, ...unseen.filter((fault) => fault !== killAlone)];
  while (!ends.aborted) {
    const isNewKind = unseen[0] === killAlone || (unseen.length > 0 && scene.random.chance(0.7));
    const fault = isNewKind ? unseen[0] : scene.random.weighted(all);
    const victim = fault?.victim(scene);
    if (fault && victim !== undefined) {
      unseen = unseen.filter((other) => other !== fault);
      counts[fault.kind] = (counts[fault.kind] ?? 0) + 1;
      const suffering = suffer(scene, fault, victim).catch((error: Error) => {
        errors.push(error);
      });
      underWay.add(suffering);
      void suffering.finally(() => underWay.delete(suffering));
    } else if (fault) {
      // Nobody may suffer it now: it goes to the end of the queue.
      unseen = [...unseen.filter((other) => other !== fault), ...(unseen.includes(fault) ? [fault] : [])];
      await scene.pause(250);
      continue;
    }
    await scene.pause(scene.random.between(meanGapMs / 3, (meanGapMs * 5) / 3));
  }
  await Promise.all(underWay);
  if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  return counts;
}

async function suffer(scene: Scene, fault: Fault, victim: string): Promise<void> {
  scene.say(`${fault.kind}: ${victim}`);
  scene.busy.add(victim);
  try {
    await fault.strike(scene, victim);
  } finally {
    scene.busy.delete(victim);
  }
}
