import type { Bench, Finding, Goal } from '../harness/bench.ts';
import { Receiver } from '../page-path/receiver.ts';
import { alertmanagerPath, howToGetAlertmanager, startAlertmanager } from './alertmanager.ts';
import { Loads } from './loads.ts';
import { Pagebridge } from './pagebridge.ts';

const many = 'Pagebridge, 50 destinations';
const twice = 'Pagebridge, 50 destinations, 2 page-deliveries';
const one = 'Pagebridge, 1 destination';
const peer = 'Alertmanager, 1 receiver';
const secured = 'Pagebridge, 50 destinations, over TLS';

const besidePeer = (what: string, of: string, figure: string, goal?: Goal): Finding => ({
  name: `${what} / Alertmanager`,
  figure,
  of,
  to: peer,
  ...(goal && { goal }),
});

const besidePlaintext = (what: string, figure: string, goal?: Goal): Finding => ({
  name: `${what} over TLS / in the clear`,
  figure,
  of: secured,
  to: many,
  ...(goal && { goal }),
});

export const endToEnd: Bench = {
  rounds: 5,
  findings: [
    besidePeer('a burst over 50 destinations', many, 'pagesPerSecond', { atLeast: 2 }),
    besidePeer('the same with two page-deliveries', twice, 'pagesPerSecond', { atLeast: 2 }),
    besidePeer('p99 at 300/s over 50 destinations', many, 'p99Ms', { atMost: 0.1 }),
    besidePeer('a burst over 1 destination', one, 'pagesPerSecond'),
    besidePeer('p99 at 300/s over 1 destination', one, 'p99Ms'),
    besidePeer('CPU time of a page over 50, with the broker', many, 'cpuMicrosEach'),
    besidePlaintext('a burst over 50 destinations', 'pagesPerSecond', { atLeast: 0.7 }),
    besidePlaintext('p99 at 300/s over 50 destinations', 'p99Ms', { atMost: 1.5 }),
    besidePlaintext('CPU time of a page, with the broker,', 'cpuMicrosEach'),
  ],
  prepare: async (testbed) => {
    const receiver = await Receiver.start(testbed, 50);
    const loads = new Loads(receiver, testbed.quick);
    const alone = new Pagebridge(testbed, receiver, loads, ['page-delivery']);
    const ofMany = loads.contender(many, () => alone.to(50));
    if (testbed.secure) {
      const secure = new Pagebridge(testbed.branch('secure', { isSecure: true }), receiver, loads, ['page-delivery']);
      return [ofMany, loads.contender(secured, () => secure.to(50))];
    }
    const apart = testbed.branch('two-deliveries');
    const two = new Pagebridge(apart, receiver, loads, ['page-delivery-1', 'page-delivery-2']);
    const contenders = [ofMany, loads.contender(one, () => alone.to(1)), loads.contender(twice, () => two.to(50))];
    const command = alertmanagerPath();
    if (command) contenders.push(loads.contender(peer, () => startAlertmanager(testbed, receiver, loads, command)));
    else testbed.missing(howToGetAlertmanager);
    return contenders;
  },
};
