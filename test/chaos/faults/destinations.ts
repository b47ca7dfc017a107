import { type FaultSwitch, Sandbox } from '@pagebridge/local-stack';
import { destinationNamed, type Fault, free } from './fault.ts';

interface Trouble {
  readonly kind: string;
  readonly fault: FaultSwitch['fault'];
  readonly times?: number;
  readonly weight: number;
}

const troubles: readonly Trouble[] = [
  { weight: 4, kind: 'destination answers 500', fault: { kind: 'error', status: 500, body: 'string-array' } },
  { weight: 3, kind: 'destination answers 503', fault: { kind: 'error', status: 503, body: 'html' } },
  { weight: 4, kind: 'destination answers 429', fault: { kind: 'rate-limited', resetSeconds: 2 } },
  { weight: 4, kind: 'destination hangs', fault: { kind: 'hang' } },
  { weight: 4, kind: 'destination resets the connection', fault: { kind: 'reset' } },
  { weight: 7, kind: 'reply cut after accept', fault: { kind: 'reset-after-accept' }, times: 12 },
  { weight: 2, kind: 'destination is slow', fault: { kind: 'latency', ms: 1_500 } },
];

/** The paging host of one destination goes wrong for a while. */
export const destinationFaults: readonly (readonly [weight: number, fault: Fault])[] = troubles.map((trouble) => [
  trouble.weight,
  {
    kind: trouble.kind,
    victim: (scene) =>
      free(
        scene,
        scene.stack.destinations.map(({ org }) => org),
      ),
    strike: async (scene, org) => {
      const sandbox = new Sandbox(destinationNamed(scene, org).controlUrl);
      const { fault, times } = trouble;
      await sandbox.switchOn({ match: { listener: 'paging' }, fault, ...(times === undefined ? {} : { times }) });
      await scene.pause(scene.random.between(4_000, 20_000));
      await sandbox.recover();
    },
  },
]);
