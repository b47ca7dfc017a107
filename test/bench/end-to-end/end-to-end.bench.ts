import type { Bench } from '../harness/bench.ts';
import { Receiver } from '../page-path/receiver.ts';
import { alertmanagerPath, howToGetAlertmanager, startAlertmanager } from './alertmanager.ts';
import { startBareTrips } from './bare-trips.ts';
import { Loads } from './loads.ts';
import { Pagebridge } from './pagebridge.ts';

const many = 'Pagebridge, 50 destinations';
const twice = 'Pagebridge, 50 destinations, 2 page-deliveries';
const one = 'Pagebridge, 1 destination';
const bare = 'the bare trips, 50 destinations, 2 processes';
const peer = 'Alertmanager, 1 receiver';

export const endToEnd: Bench = {
  rounds: 5,
  findings: [
    {
      name: 'pages a second in a burst, Pagebridge over 50 destinations / Alertmanager',
      figure: 'pagesPerSecond',
      of: many,
      to: peer,
      goal: { atLeast: 2 },
    },
    {
      name: 'the same with two page-deliveries / Alertmanager',
      figure: 'pagesPerSecond',
      of: twice,
      to: peer,
      goal: { atLeast: 2 },
    },
    {
      name: 'pages a second in a burst, the bare trips / Alertmanager',
      figure: 'pagesPerSecond',
      of: bare,
      to: peer,
    },
    {
      name: 'p99 at 300/s, Pagebridge over 50 destinations / Alertmanager',
      figure: 'p99Ms',
      of: many,
      to: peer,
      goal: { atMost: 0.1 },
    },
    {
      name: 'pages a second in a burst, Pagebridge over 1 destination / Alertmanager',
      figure: 'pagesPerSecond',
      of: one,
      to: peer,
    },
    { name: 'p99 at 300/s, Pagebridge over 1 destination / Alertmanager', figure: 'p99Ms', of: one, to: peer },
    {
      name: 'CPU time a page in a burst, Pagebridge with its broker / Alertmanager',
      figure: 'cpuMicrosEach',
      of: many,
      to: peer,
    },
  ],
  prepare: async (ground) => {
    const receiver = await Receiver.start(ground, 50);
    const loads = new Loads(receiver, ground.quick);
    const alone = new Pagebridge(ground, receiver, loads, ['page-delivery']);
    const two = new Pagebridge(ground.branch('two-deliveries'), receiver, loads, [
      'page-delivery-1',
      'page-delivery-2',
    ]);
    const contenders = [
      loads.contender(many, () => alone.to(50)),
      loads.contender(one, () => alone.to(1)),
      loads.contender(twice, () => two.to(50)),
    ];
    if (!ground.quick) {
      const apart = ground.branch('bare-trips');
      contenders.push(loads.contender(bare, () => startBareTrips(apart, receiver, loads)));
    }
    const command = alertmanagerPath();
    if (command) contenders.push(loads.contender(peer, () => startAlertmanager(ground, receiver, loads, command)));
    else ground.missing(howToGetAlertmanager);
    return contenders;
  },
};
