import { type FaultSwitch, Sandbox } from '@pagebridge/local-stack';
import type { WireFault } from '../stack/wire.ts';
import { anyDestination, destinationNamed, type Fault, type Scene, wireTo } from './fault.ts';

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
