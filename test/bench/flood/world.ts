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
  /** The settings of page-delivery. */
  readonly env: Readonly<Record<string, string>>;
}

/** The orgs that flood the destination that can be down. */
export const floodingOrgs = ['flooding', 'flooding-2', 'flooding-3'] as const;

/** An org whose pages go to a destination that can be down, and two orgs that page a healthy one; on their own broker. */
export interface World {
  readonly size: FloodSize;
  readonly path: PagePath;
  readonly delivery: Delivery;
  readonly destinations: Destinations;
  readonly deadLetters: DeadLetters;
  readonly flooding: Load;
  /** Floods of three orgs; the first is that above. */
  readonly floods: readonly Load[];
  readonly other: SourceOrg;
  /** Pages for the first time while the flood waits. */
  readonly newcomer: SourceOrg;
}

/** Starts everything but the services. */
export async function openWorld(testbed: Testbed, size: FloodSize): Promise<World> {
  const destinations = await Destinations.start(testbed);
  const path = await PagePath.on(testbed, destinations.dataCenters);
  const flooded = floodingOrgs.map((sourceOrg) => linkOf(sourceOrg, 'D2'));
  await path.connect([...flooded, linkOf('other', 'D1'), linkOf('newcomer', 'D1')]);
  const kafka = path.access('alert-producers');
  const loadOf = (sourceOrg: string) => new Load(testbed, { kafka, sourceOrg, teams });
  const floods = floodingOrgs.map(loadOf);
  const [flooding] = floods;
  if (!flooding) throw new Error('no org floods');
  return {
    size,
    path,
    delivery: new Delivery(path, size.env),
    destinations,
    deadLetters: await DeadLetters.of(path.access()),
    flooding,
    floods,
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
