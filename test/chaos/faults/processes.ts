import type { ServiceName } from '@pagebridge/local-stack';
import type { Outage } from '../observation/recovery.ts';
import { type Fault, free, memberNamed, type Scene, whileBusy } from './fault.ts';

// Longer than the session timeout, so that the survivor takes over before the killed instance is back.
const longerThanSessionMs = 17_000;

const isFree = ({ stack, busy }: Scene, name: string): boolean =>
  !busy.has(name) && stack.members.some((member) => member.name === name && member.isUp);

const namesOf = ({ stack }: Scene, service: ServiceName): string[] =>
  stack.servicesNamed(service).map(({ name }) => name);

const anyOf = (service: ServiceName) => (scene: Scene) =>
  free(
    scene,
    namesOf(scene, service).filter((name) => isFree(scene, name)),
  );

const kill = (service: ServiceName): Fault => ({
  kind: `kill ${service}`,
  victim: anyOf(service),
  strike: (scene, name) => killAndStart(scene, name, scene.random.pick([0, 0, 1_000, 4_000, 12_000])),
});

/** Kills page-delivery after some seconds of commands, so that it loses state that is in memory only. */
const killAtWork: Fault = {
  kind: 'kill page-delivery at work',
  victim: anyOf('page-delivery'),
  strike: async (scene, name) => {
    await scene.pause(5_000);
    await killAndStart(scene, name, 0);
  },
};

/** Kills all instances of a service at once: nobody takes over, and only the ledger has the open work. */
const every = (kind: string, service: ServiceName, strike: (scene: Scene, name: string) => Promise<void>): Fault => ({
  kind: `${kind} every ${service}`,
  victim: (scene) => (namesOf(scene, service).every((name) => isFree(scene, name)) ? `every ${service}` : undefined),
  strike: (scene) => {
    const names = namesOf(scene, service);
    return whileBusy(scene, names, () => Promise.all(names.map((name) => strike(scene, name))));
  },
});

/** Kills page-delivery while no other fault affects the page path, to measure how soon the survivor takes over. */
export const killAlone: Fault = {
  kind: 'kill page-delivery alone',
  needs: ['survivor'],
  victim: (scene) =>
    pagePath(scene).every((name) => isFree(scene, name))
      ? scene.random.pick(namesOf(scene, 'page-delivery'))
      : undefined,
  strike: (scene, name) => whileBusy(scene, pagePath(scene), () => killAndStart(scene, name, longerThanSessionMs)),
};

const pagePath = ({ stack }: Scene): string[] =>
  [...stack.brokers, ...stack.servicesNamed('page-routing'), ...stack.servicesNamed('page-delivery')].map(
    ({ name }) => name,
  );

/** Freezes a process. When it resumes after its session expired, it still acts as the owner of its partitions. */
const pause = (service: ServiceName): Fault => ({
  kind: `pause ${service}`,
  victim: anyOf(service),
  strike: (scene, name) => pauseAndGoOn(scene, name, scene.random.pick([3_000, 13_000, longerThanSessionMs])),
});

// At most one broker at a time: a write needs two of three.
const brokerOf = (scene: Scene): string | undefined => {
  const names = scene.stack.brokers.map(({ name }) => name);
  return names.every((name) => isFree(scene, name)) ? scene.random.pick(names) : undefined;
};

const twoDownMs = 20_000;

const killBroker: Fault = {
  kind: 'kill broker',
  victim: brokerOf,
  strike: (scene, name) => killAndStart(scene, name, scene.random.pick([0, 2_000, 6_000])),
};

const pauseBroker: Fault = {
  kind: 'pause broker',
  victim: brokerOf,
  strike: async (scene, name) => {
    await pauseAndGoOn(scene, name, scene.random.between(2_000, 14_000));
    // Controllers and replicas recover before the next broker fails.
    await scene.pause(4_000);
  },
};

/** Kills two of three brokers: nothing can be written, and there is no quorum of controllers. */
export const killTwoBrokers: Fault = {
  kind: 'kill two brokers',
  needs: ['hostile', 'three brokers'],
  victim: (scene) => (brokerOf(scene) === undefined ? undefined : 'two brokers'),
  strike: (scene) => {
    const names = scene.random.shuffled(scene.stack.brokers.map(({ name }) => name));
    return whileBusy(scene, names, async () => {
      await Promise.all(names.slice(0, 2).map((name) => killAndStart(scene, name, twoDownMs)));
    });
  },
};

const killDatabase: Fault = {
  kind: 'kill MariaDB',
  needs: ['management'],
  victim: (scene) => free(scene, ['mariadb']),
  strike: (scene, name) => killAndStart(scene, name, scene.random.pick([0, 3_000, 8_000])),
};

const freezeDatabase: Fault = {
  kind: 'freeze MariaDB',
  needs: ['management', 'hostile'],
  victim: (scene) => free(scene, ['mariadb']),
  strike: (scene, name) => pauseAndGoOn(scene, name, scene.random.between(3_000, 14_000)),
};

function begin(scene: Scene, name: string, kind: Outage['kind']): Outage {
  const outage: Outage = { kind, name, at: Date.now() };
  scene.outages.push(outage);
  return outage;
}

async function killAndStart(scene: Scene, name: string, afterMs: number): Promise<void> {
  const member = memberNamed(scene, name);
  const outage = begin(scene, name, 'kill');
  await member.kill();
  await scene.pause(afterMs);
  await member.start();
  outage.until = Date.now();
}

async function pauseAndGoOn(scene: Scene, name: string, forMs: number): Promise<void> {
  const member = memberNamed(scene, name);
  const outage = begin(scene, name, 'pause');
  member.signal('SIGSTOP');
  await scene.pause(forMs);
  member.signal('SIGCONT');
  outage.until = Date.now();
}

const shortly = (scene: Scene, name: string) => killAndStart(scene, name, 500);
const beyondSession = (scene: Scene, name: string) => pauseAndGoOn(scene, name, 13_000);

export const processFaults: readonly (readonly [weight: number, fault: Fault])[] = [
  [10, kill('page-delivery')],
  [8, kill('page-routing')],
  [2, killAlone],
  [1, killAtWork],
  [3, every('kill', 'page-delivery', shortly)],
  [2, every('kill', 'page-routing', shortly)],
  [5, pause('page-delivery')],
  [4, pause('page-routing')],
  [2, every('pause', 'page-delivery', beyondSession)],
  [6, kill('alert-intake')],
  [4, pause('alert-intake')],
  [3, { ...kill('handle-sync'), needs: ['management'] }],
  [3, { ...kill('connection-management'), needs: ['management'] }],
  [5, killBroker],
  [4, pauseBroker],
  [3, killDatabase],
  [2, killTwoBrokers],
  [2, freezeDatabase],
];
