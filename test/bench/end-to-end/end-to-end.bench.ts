import type { Bench, Finding, Goal, Testbed } from '../harness/testbed.ts';
import type { Load } from '../page-path/page-path.ts';
import { PagePath, Receiver } from '../page-path/page-path.ts';
import { alertmanagerPath, howToGetAlertmanager, startAlertmanager } from './alertmanager.ts';
import { Loads, type Started } from './loads.ts';

/** The services and a broker, started on the first call. */
class Pagebridge {
  readonly #testbed: Testbed;
  readonly #receiver: Receiver;
  readonly #loads: Loads;
  readonly #deliveries: readonly string[];
  #services: Promise<{ path: PagePath; pids: Started['pids'] }> | undefined;

  constructor(testbed: Testbed, receiver: Receiver, loads: Loads, deliveries: readonly string[]) {
    this.#testbed = testbed;
    this.#receiver = receiver;
    this.#loads = loads;
    this.#deliveries = deliveries;
  }

  /** Returns a source of alerts that page this number of destinations. */
  async to(destinations: number): Promise<Started> {
    this.#services ??= this.#start();
    const { path, pids } = await this.#services;
    return { source: this.#loadTo(path, destinations), pids, close: path.close };
  }

  async #start(): Promise<{ path: PagePath; pids: Started['pids'] }> {
    const path = await PagePath.on(this.#testbed, this.#receiver.dataCenters);
    const links = this.#receiver.linksOf('acme');
    await path.connect(links);
    const [routing, ...delivering] = await this.#testbed.progress.step(
      `starting page-routing and ${this.#deliveries.join(', ')}`,
      () =>
        Promise.all([path.start('page-routing'), ...this.#deliveries.map((name) => path.start('page-delivery', name))]),
    );
    const pids = {
      routing: [routing.pid],
      delivery: delivering.map(({ pid }) => pid),
      broker: [await this.#testbed.kafkaPid()],
    };
    await this.#testbed.progress.step('warming up', () => this.#loads.warmUp(this.#loadTo(path, links.length)));
    return { path, pids };
  }

  #loadTo(path: PagePath, destinations: number): Load {
    const links = this.#receiver.linksOf('acme').slice(0, destinations);
    const teams = links.flatMap((link) => link.teams);
    return path.load('acme', teams);
  }
}

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
