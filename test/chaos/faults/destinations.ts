import { type FaultSwitch, Sandbox } from '@pagebridge/local-stack';
import type { WireFault } from '../wire.ts';
import { anyDestination, destinationNamed, type Fault, type Scene, wireTo } from './fault.ts';

/** What the paging host of one destination answers instead of doing it, by a switch of its own. */
const wrongAnswers: readonly (readonly [weight: number, kind: string, fault: FaultSwitch['fault']])[] = [
  [4, 'destination answers 500', { kind: 'error', status: 500, body: 'string-array' }],
  [3, 'destination answers 503', { kind: 'error', status: 503, body: 'html' }],
  [4, 'destination answers 429', { kind: 'rate-limited', resetSeconds: 2 }],
  [2, 'destination is slow', { kind: 'latency', ms: 1_500 }],
];

/** What breaks on the way to it; `times`, where one page would otherwise be made again and again. */
const brokenWires: readonly (readonly [weight: number, kind: string, fault: WireFault, times?: number])[] = [
  [7, 'reply cut after accept', 'reply cut', 12],
  [4, 'connection reset before the request arrives', 'request lost'],
  [4, 'destination hangs', 'silence'],
];

const forAWhile = (scene: Scene) => scene.pause(scene.random.between(4_000, 20_000));

/** Calls to one destination go wrong for a while. */
export const destinationFaults: readonly (readonly [weight: number, fault: Fault])[] = [
  ...wrongAnswers.map(([weight, kind, fault]): [number, Fault] => [
    weight,
    {
      kind,
      victim: anyDestination,
      strike: async (scene, org) => {
        const sandbox = new Sandbox(destinationNamed(scene, org).controlUrl);
        await sandbox.switchOn({ match: { listener: 'paging' }, fault });
        await forAWhile(scene);
        await sandbox.recover();
      },
    },
  ]),
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
