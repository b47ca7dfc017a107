import { call, type FaultSwitch, Sandbox } from '@pagebridge/local-stack';
import type { WireFault } from '../stack/wire.ts';
import { isLarge, type Team } from '../world.ts';
import { anyDestination, destinationNamed, type Fault, free, type Scene, wireTo } from './fault.ts';

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
  kind: 'team deleted and recreated',
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

type WrongAnswer = readonly [weight: number, kind: string, fault: FaultSwitch['fault'], times?: number];

/**
 * Answers of one destination's paging host that replace the call. `times` limits faults that make page-delivery give up a
 * page after several such answers.
 */
const wrongAnswers: readonly WrongAnswer[] = [
  [4, 'destination answers 500', { kind: 'error', status: 500, body: 'string-array' }],
  [3, 'destination answers 503', { kind: 'error', status: 503, body: 'html' }],
  [4, 'destination answers 429', { kind: 'rate-limited', resetSeconds: 2 }],
  [2, 'destination is slow', { kind: 'latency', ms: 1_500 }],
];
/** Answers that occur only with hostile input. */
const unusualAnswers: readonly WrongAnswer[] = [
  [2, 'destination answers 520', { kind: 'error', status: 520, body: 'html' }],
  [2, 'destination answers 200 with HTML', { kind: 'html' }, 2],
  [2, 'destination answers with an id of 1 MB', { kind: 'huge-id' }, 2],
];

/** Network faults; `times` limits faults that would create one page again and again. */
const brokenWires: readonly (readonly [weight: number, kind: string, fault: WireFault, times?: number])[] = [
  [7, 'reply cut after accept', 'reply cut', 12],
  [4, 'connection reset before the request arrives', 'request lost'],
  [4, 'destination hangs', 'silence'],
];

const forAWhile = (scene: Scene) => scene.pause(scene.random.between(4_000, 20_000));

const wrongly = ([weight, kind, fault, times]: WrongAnswer): [number, Fault] => [
  weight,
  {
    kind,
    victim: anyDestination,
    strike: async (scene, org) => {
      const sandbox = new Sandbox(destinationNamed(scene, org).controlUrl);
      await sandbox.switchOn({ match: { listener: 'paging' }, fault, ...(times === undefined ? {} : { times }) });
      await forAWhile(scene);
      await sandbox.recover();
    },
  },
];

/** Faults of calls to one destination. */
export const destinationFaults: readonly (readonly [weight: number, fault: Fault])[] = [
  ...wrongAnswers.map(wrongly),
  ...unusualAnswers.map(wrongly).map(([weight, fault]): [number, Fault] => [weight, { ...fault, needs: ['hostile'] }]),
  ...brokenWires.map(([weight, kind, fault, times]): [number, Fault] => [
    weight,
    {
      kind,
      victim: anyDestination,
      strike: async (scene, org) => {
        const wire = wireTo(scene, org);
        wire.break(fault, times);
        await forAWhile(scene);
        wire.mend();
      },
    },
  ]),
];
