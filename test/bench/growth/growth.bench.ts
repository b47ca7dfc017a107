import type { Bench, Finding } from '../harness/bench.ts';
import { deliveryContenders, deliveryTo } from './delivery.ts';
import { ledgerContenders, ledgerOf } from './ledger.ts';
import { routingBy, routingContenders, routingWith } from './routing.ts';

const processes = [1, 2, 4];
const handles = [1_000, 10_000, 100_000, 1_000_000];
const destinations = [1, 10, 100, 1_000];
const identities = [0, 10_000, 100_000, 1_000_000];
const quick = {
  handles: handles.slice(0, 2),
  destinations: destinations.slice(0, 3),
  identities: identities.slice(0, 2),
};

// A curve is flat when its far end is as its near end; what a busy machine adds and takes away is allowed for.
const flat = { atLeast: 0.8 };

const findings: Finding[] = [
  ...processes.slice(1).map((count) => ({
    name: `routing by ${count} processes / by 1`,
    figure: 'alertsPerSecond',
    of: routingBy(count),
    to: routingBy(1),
  })),
  ...handles.slice(1).map((count) => ({
    name: `routing with ${count} handles / with 1000`,
    figure: 'alertsPerSecond',
    of: routingWith(count),
    to: routingWith(1_000),
    goal: flat,
  })),
  ...destinations.slice(2).map((count) => ({
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
];

export const growth: Bench = {
  rounds: 3,
  findings,
  prepare: async (ground) => {
    const sizes = ground.quick ? quick : { handles, destinations, identities };
    return [
      ...routingContenders(ground, processes, sizes.handles),
      ...deliveryContenders(ground, sizes.destinations),
      ...ledgerContenders(ground, sizes.identities),
    ];
  },
};
