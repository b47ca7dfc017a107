import { floodKind } from '../flood.ts';
import { connectionFaults } from './connections.ts';
import { destinationFaults, teamFaults } from './destinations.ts';
import type { Fault, Need, Scene } from './fault.ts';
import { killAlone, killTwoBrokers, processFaults } from './processes.ts';

type Weighted = readonly [weight: number, fault: Fault];

const everything: readonly Weighted[] = [...processFaults, ...destinationFaults, ...connectionFaults, ...teamFaults];
// Each kind occurs once before any is drawn again by weight, so that a run of several minutes contains all of them.
const meanGapMs = 4_500;
/** The first fault, while nothing else is recovering: the first of these that is selected. */
const opening = [killTwoBrokers, killAlone];

export interface FaultSelection {
  /** Parts of the names of the faults; empty selects all. */
  readonly kinds: readonly string[];
  /** Needs that the run cannot meet; faults with such a need do not occur. */
  readonly lacking: readonly Need[];
}

export const isSelected = (kind: string, { kinds }: Pick<FaultSelection, 'kinds'>): boolean =>
  kinds.length === 0 || kinds.some((part) => kind.includes(part));

/** Draws the selected faults by the seed. */
export class FaultPlan {
  /** The number of occurrences of each kind. */
  readonly counts: Record<string, number> = {};
  readonly #all: readonly Weighted[];
  readonly #opening: Fault | undefined;
  #unseen: readonly Fault[];

  constructor(selection: FaultSelection, random: Scene['random']) {
    this.#all = everything.filter(
      ([, { kind, needs = [] }]) =>
        isSelected(kind, selection) && !needs.some((need) => selection.lacking.includes(need)),
    );
    if (this.#all.length === 0 && !isSelected(floodKind, selection))
      throw new Error(`no fault is called ${selection.kinds.join(' or ')}`);
    const unseen = random.shuffled(this.#all.map(([, fault]) => fault));
    this.#opening = opening.find((fault) => unseen.includes(fault));
    this.#unseen = this.#opening ? [this.#opening, ...unseen.filter((fault) => fault !== this.#opening)] : unseen;
  }

  /** Starts faults until `ends`; resolves once each is repaired. */
  async during(scene: Scene, ends: AbortSignal): Promise<void> {
    const underWay = new Set<Promise<void>>();
    const errors: Error[] = [];
    while (!ends.aborted) {
      const fault = this.#next(scene);
      const victim = fault?.victim(scene);
      if (!fault || victim === undefined) {
        if (fault) this.#postpone(fault);
        await scene.pause(250);
        continue;
      }
      this.#unseen = this.#unseen.filter((other) => other !== fault);
      this.counts[fault.kind] = (this.counts[fault.kind] ?? 0) + 1;
      const suffering = suffer(scene, fault, victim).catch((error: Error) => {
        errors.push(error);
      });
      underWay.add(suffering);
      void suffering.finally(() => underWay.delete(suffering));
      await scene.pause(scene.random.between(meanGapMs / 3, (meanGapMs * 5) / 3));
    }
    await Promise.all(underWay);
    if (errors.length > 0) throw new AggregateError(errors, errors.map(({ message }) => message).join('; '));
  }

  /** Returns undefined if no fault is selected, only the flood. */
  #next({ random }: Scene): Fault | undefined {
    if (this.#all.length === 0) return undefined;
    const [first] = this.#unseen;
    const isNewKind = first !== undefined && (first === this.#opening || random.chance(0.7));
    return isNewKind ? first : random.weighted(this.#all);
  }

  // It has no target now.
  #postpone(fault: Fault): void {
    if (!this.#unseen.includes(fault)) return;
    this.#unseen = [...this.#unseen.filter((other) => other !== fault), fault];
  }
}

async function suffer(scene: Scene, fault: Fault, victim: string): Promise<void> {
  scene.say(`${fault.kind}: ${victim}`);
  scene.busy.add(victim);
  const from = Date.now();
  try {
    await fault.strike(scene, victim);
  } finally {
    scene.faults.push({ kind: fault.kind, victim, from, until: Date.now() });
    scene.busy.delete(victim);
  }
}
