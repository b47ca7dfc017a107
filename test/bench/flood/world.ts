import type { Testbed } from '../harness/testbed.ts';
import { Load } from '../page-path/load.ts';
import type { Pace } from '../page-path/paced.ts';
import { PagePath } from '../page-path/page-path.ts';
import type { Link } from '../page-path/world.ts';
import { DeadLetters } from './dead-letters.ts';
import { Delivery } from './delivery.ts';
import { Destinations } from './destinations.ts';
import { SourceOrg } from './source-org.ts';

export interface FloodSize {
  /** The alerts of the flood, each with one page. */
  readonly pages: number;
  /** The alerts of the same org that follow while the flood waits; 0 for none. */
  readonly further: number;
  /** The alerts, and the recoveries, of another org in each phase. */
  readonly others: Pace;
}

/** An org whose pages go to a destination that can be down, and two orgs that page a healthy one; on their own broker. */
export interface World {
  readonly size: FloodSize;
  readonly path: PagePath;
  readonly delivery: Delivery;
  readonly destinations: Destinations;
  readonly deadLetters: DeadLetters;
  readonly flooding: Load;
  readonly other: SourceOrg;
  /** Pages for the first time while the flood waits. */
  readonly newcomer: SourceOrg;
}

/** Starts everything but the services. */
export async function openWorld(testbed: Testbed, size: FloodSize): Promise<World> {
  const destinations = await Destinations.start(testbed);
  const path = await PagePath.on(testbed, destinations.dataCenters);
  await path.connect([linkOf('flooding', 'D2'), linkOf('other', 'D1'), linkOf('newcomer', 'D1')]);
  const kafka = path.access('alert-producers');
  const loadOf = (sourceOrg: string) => new Load(testbed, { kafka, sourceOrg, teams });
  return {
    size,
    path,
    // All of the flood may wait, and further pages are beyond the bound.
    delivery: new Delivery(path, { WAITING_PAGES: String(size.pages) }),
    destinations,
    deadLetters: await DeadLetters.of(path.access()),
    flooding: loadOf('flooding'),
    other: new SourceOrg(loadOf('other'), destinations),
    newcomer: new SourceOrg(loadOf('newcomer'), destinations),
  };
}

export const closeWorld = ({ deadLetters, path }: World): Promise<unknown> =>
  Promise.all([deadLetters.close(), path.close()]);

const teams = ['core'];

function linkOf(sourceOrg: string, dataCenter: string): Link {
  return { sourceOrg, dataCenter, teams, apiKey: 'bench-api-key', applicationKey: 'bench-application-key' };
}
