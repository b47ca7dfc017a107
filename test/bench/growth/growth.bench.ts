import type { Bench } from '../harness/bench.ts';
import { deliveryContenders, deliveryTo } from './delivery.ts';
import { ledgerContender, ledgerOf } from './ledger.ts';
import { routingContender, routingWith } from './routing.ts';

const sizes = { handles: [1_000, 1_000_000], destinations: [10, 100, 1_000], alerts: [0, 100_000, 1_000_000] };
const quickSizes: typeof sizes = { handles: [1_000], destinations: [10, 100], alerts: [0, 10_000] };

// A curve is flat when its far end is as its near end; what a busy machine adds and takes away is allowed for.
const flat = { atLeast: 0.8 };

export const growth: Bench = {
  rounds: 3,
  findings: [
    {
      name: 'routing with 1000000 handles / with 1000',
      figure: 'alertsPerSecond',
      of: routingWith(1_000_000),
      to: routingWith(1_000),
      goal: flat,
    },
    ...[100, 1_000].map((count) => ({
      name: `delivery to ${count} destinations / to 10`,
      figure: 'pagesPerSecond',
      of: deliveryTo(count),
      to: deliveryTo(10),
      goal: flat,
    })),
    {
      name: 'restoring a ledger of 1000000 alerts / of 100000',
      figure: 'seconds',
      of: ledgerOf(1_000_000),
      to: ledgerOf(100_000),
      // Ten times as much, ten times as long; less where a start takes time of its own.
      goal: { atMost: 11 },
    },
  ],
  prepare: async (ground) => {
    const { handles, destinations, alerts } = ground.quick ? quickSizes : sizes;
    return [
      ...handles.map((count) => routingContender(ground, count)),
      ...deliveryContenders(ground, destinations),
      ...alerts.map((count) => ledgerContender(ground, count)),
    ];
  },
};
