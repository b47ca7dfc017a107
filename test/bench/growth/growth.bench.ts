import type { Bench } from '../harness/bench.ts';
import { deliveryContenders, deliveryTo } from './delivery.ts';
import { ledgerContender, ledgerOf } from './ledger.ts';
import { routingContender, routingWith } from './routing.ts';

const sizes = { handles: [1_000, 1_000_000], destinations: [10, 100, 1_000], alerts: [0, 100_000, 1_000_000] };
const quickSizes: typeof sizes = { handles: [1_000], destinations: [10, 100], alerts: [0, 10_000] };

// A curve counts as flat if its far end reaches this share of its near end; the margin covers other load of the machine.
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
      // Ten times the alerts may take ten times as long, plus a margin.
      goal: { atMost: 11 },
    },
  ],
  prepare: async (testbed) => {
    const { handles, destinations, alerts } = testbed.quick ? quickSizes : sizes;
    return [
      ...handles.map((count) => routingContender(testbed, count)),
      ...deliveryContenders(testbed, destinations),
      ...alerts.map((count) => ledgerContender(testbed, count)),
    ];
  },
};
