import { hash } from 'node:crypto';
import { isEnded } from '../page.ts';
import {
  beginning,
  commandsFor,
  type Event,
  type Rules,
  recovery,
  Surroundings,
  type World,
} from './world.fixtures.ts';

// More than any alert takes to its end.
const mostSteps = 200;

/**
 * Visits every order of so many events, equal states once, and leads each to its end twice: without and with its recovery.
 *
 * The law is the real one; what surrounds it is a model. It does not know: lanes, rate limits and slow writes (a call begins
 * as soon as it is due, and only a late answer delays it), texts that cannot be read, connections that change, replays, pages
 * that are read back, floods, records that Kafka refuses, records that compaction removes, more than one alert.
 */
export function visitEveryOrder(count: number, rules: Rules, secondTeam: string): Found {
  const surroundings = new Surroundings(commandsFor(secondTeam), rules);
  const [seen, ended] = [new Set<string>(), new Set<string>()];
  let reached = [beginning];
  for (let left = count - 1; left >= 0; left -= 1) {
    const next: World[] = [];
    for (const world of reached) {
      for (const event of surroundings.eventsOf(world)) {
        const after = happened(world, event);
        if (!isNew(seen, after)) continue;
        if (left > 0) next.push(after);
        for (const isRecovered of left === 0 || after.broken ? [false, true] : []) {
          const { broken, events } = atItsEnd(surroundings, after, isRecovered, ended);
          if (broken) return { states: seen.size, broken: [...events, broken] };
        }
      }
    }
    reached = next;
  }
  return { states: seen.size };
}

/** `broken`: the first broken promise, after the events that break it. */
interface Found {
  readonly states: number;
  readonly broken?: readonly string[];
}

const happened = ({ events }: World, { name, next }: Event): World => ({ ...next(), events: [...events, name] });

/** Lets all happen that is due, until nothing is. */
function atItsEnd(its: Surroundings, from: World, isRecovered: boolean, ended: Set<string>): World {
  const isNext = ({ name, isDue }: Event) => isDue && (isRecovered || name !== `${recovery} is read`);
  let world = from;
  for (let step = 0; step < mostSteps; step += 1) {
    if (world.broken || !isNew(ended, world, `${isRecovered}`)) return world;
    const event = its.eventsOf(world).find(isNext);
    if (!event) return { ...world, ...brokenBy(world) };
    world = happened(world, event);
  }
  return { ...world, broken: 'it has no end' };
}

/** Returns the promise that is broken once nothing is due any more. */
function brokenBy({ owner, committed, published }: World): Pick<World, 'broken'> {
  const { alert, waiting, calls } = owner;
  const pages = alert?.pages ?? [];
  const isRecovered = alert?.recoveredAt !== undefined || committed.includes(recovery);
  const has = (id: string, ...kinds: string[]) => kinds.some((kind) => published.includes(`${id} ${kind}`));
  // Of a page that is refused for good there is a dead letter.
  const isKnown = pages.some(({ pageId }) => has(pageId, 'delivered', 'undeliverable'));
  const asked = committed.filter((name) => name !== recovery);
  const isLost = (id: string) => !has(id, 'delivered', 'joined', 'superseded', 'undeliverable');
  const stays = pages.filter((page) => !isEnded(page) && (isRecovered || page.status !== 'delivered'));
  const [broken] = [
    ...[...waiting, ...calls].map(({ pageId }) => `a call for ${pageId} is left`),
    ...asked.filter(isLost).map((id) => `${id} is lost`),
    ...(asked.length > 0 && !isRecovered && !isKnown ? ['nobody is paged'] : []),
    ...stays.map(({ pageId, status }) => `${pageId} stays ${status}`),
    ...pages.flatMap(({ pageId, unreported }) => unreported.map((kind) => `${kind} of ${pageId} is not published`)),
  ];
  return broken === undefined ? {} : { broken };
}

function isNew(known: Set<string>, { events: _events, ...world }: World, how = ''): boolean {
  const { size } = known;
  return known.add(hash('sha1', how + JSON.stringify(world), 'base64')).size > size;
}
