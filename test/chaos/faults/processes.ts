import type { ServiceName } from '@pagebridge/local-stack';
import { type Fault, free, memberNamed, type Scene } from './fault.ts';

const killService = (service: ServiceName): Fault => ({
  kind: `kill ${service}`,
  victim: (scene) =>
    free(
      scene,
      scene.stack.servicesNamed(service).flatMap(({ name, isUp }) => (isUp ? [name] : [])),
    ),
  strike: (scene, name) => killAndStart(scene, name, scene.random.pick([0, 0, 1_000, 4_000, 12_000])),
});

/** Both instances at once: nobody is left to take over, so the ledger alone knows what is to be done. */
const killBoth = (service: ServiceName): Fault => ({
  kind: `kill every ${service}`,
  victim: (scene) => {
    const members = scene.stack.servicesNamed(service);
    return members.every(({ name, isUp }) => isUp && !scene.busy.has(name)) ? `every ${service}` : undefined;
  },
  strike: async (scene) => {
    const names = scene.stack.servicesNamed(service).map(({ name }) => name);
    for (const name of names) scene.busy.add(name);
    try {
      await Promise.all(names.map((name) => killAndStart(scene, name, 500)));
    } finally {
      for (const name of names) scene.busy.delete(name);
    }
  },
});

// One broker at a time: two of three must live for anything to be written.
const brokerOf = ({ stack, busy, random }: Scene): string | undefined => {
  const isWhole = stack.brokers.every(({ name, isUp }) => isUp && !busy.has(name));
  return isWhole ? random.pick(stack.brokers).name : undefined;
};

const killBroker: Fault = {
  kind: 'kill broker',
  victim: brokerOf,
  strike: (scene, name) => killAndStart(scene, name, scene.random.pick([0, 2_000, 6_000])),
};

const pauseBroker: Fault = {
  kind: 'pause broker',
  victim: brokerOf,
  strike: async (scene, name) => {
    const broker = memberNamed(scene, name);
    broker.signal('SIGSTOP');
    await scene.pause(scene.random.between(2_000, 14_000));
    broker.signal('SIGCONT');
    // The controllers and the replicas find each other again before the next broker is hit.
    await scene.pause(4_000);
  },
};

const killDatabase: Fault = {
  kind: 'kill MariaDB',
  victim: (scene) => free(scene, ['mariadb']),
  strike: (scene, name) => killAndStart(scene, name, scene.random.pick([0, 3_000, 8_000])),
};

async function killAndStart(scene: Scene, name: string, afterMs: number): Promise<void> {
  const member = memberNamed(scene, name);
  const kill: Scene['kills'][number] = { name, at: Date.now() };
  scene.kills.push(kill);
  await member.kill();
  await scene.pause(afterMs);
  await member.start();
  kill.readyAt = Date.now();
}

export const processFaults: readonly (readonly [weight: number, fault: Fault])[] = [
  [10, killService('page-delivery')],
  [8, killService('page-routing')],
  [3, killBoth('page-delivery')],
  [2, killBoth('page-routing')],
  [3, killService('handle-sync')],
  [3, killService('connection-management')],
  [5, killBroker],
  [4, pauseBroker],
  [3, killDatabase],
];
