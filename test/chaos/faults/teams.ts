import { call } from '@pagebridge/local-stack';
import { isLarge, type Team } from '../world.ts';
import { anyDestination, destinationNamed, type Fault, free, type Scene } from './fault.ts';

const teamOf = (scene: Scene, org: string): Team =>
  scene.random.pick(scene.teams.filter(({ destination }) => destination.org === org));

const renamed: Fault = {
  kind: 'handle renamed',
  needs: ['management'],
  victim: anyDestination,
  strike: async (scene, org) => {
    const { controlUrl } = destinationNamed(scene, org);
    const team = teamOf(scene, org);
    const handle = `${team.home}-${scene.random.between(1, 999)}`;
    const { status } = await call('PATCH', `${controlUrl}/teams/${team.handle}`, { handle });
    if (status !== 200) throw new Error(`${team.handle} was not renamed: ${status}`);
    // Monitors are edited later than teams are renamed, so alerts use both names from now on.
    team.former = team.handle;
    team.handle = handle;
  },
};

/** Deletes a team and creates it again. Alerts still name it: the handle means the old team until that counts as gone, then the new one or nobody. */
const removed: Fault = {
  kind: 'team deleted and made anew',
  needs: ['management'],
  victim: anyDestination,
  strike: async (scene, org) => {
    const { controlUrl } = destinationNamed(scene, org);
    const { handle } = teamOf(scene, org);
    await accepted(call('DELETE', `${controlUrl}/teams/${handle}`));
    await scene.pause(scene.random.between(5_000, 60_000));
    await accepted(call('POST', `${controlUrl}/teams`, { handle }));
  },
};

/** Swaps teams at page turns: a team that exists is missing from the next lists, although the total is the same. */
const swapped: Fault = {
  kind: 'teams change while pages are turned',
  needs: ['management'],
  victim: (scene) => free(scene, scene.stack.destinations.map(({ org }) => org).filter(isLarge)),
  strike: async (scene, org) => {
    const { controlUrl } = destinationNamed(scene, org);
    const swaps = (swapsAtPageTurns: number) => accepted(call('PUT', `${controlUrl}/settings`, { swapsAtPageTurns }));
    await swaps(scene.random.between(1, 3));
    await scene.pause(scene.random.between(20_000, 60_000));
    await swaps(0);
  },
};

async function accepted(asked: ReturnType<typeof call>): Promise<void> {
  const { status, body } = await asked;
  if (status >= 300) throw new Error(`a destination refused: ${status} ${JSON.stringify(body)}`);
}

/** Changes that owners of destinations make to their teams. */
export const teamFaults: readonly (readonly [weight: number, fault: Fault])[] = [
  [4, renamed],
  [4, removed],
  [3, swapped],
];
