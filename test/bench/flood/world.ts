import { join } from 'node:path';
import { headerText, PageCommands } from '@pagebridge/contracts';
import { TableView } from '@pagebridge/kafka';
import { answersOk, call, freePorts, type LocalProcess } from '@pagebridge/local-stack';
import { type DataCenter, deadLetterHeaders, deadLetterTopicOf } from '@pagebridge/vocabulary';
import { type KafkaAccess, settingsOf } from '../../harness/kafka-access.ts';
import { cpuSeconds, mebibytesOf } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { nowMs } from '../page-path/alerts.ts';
import type { Pace } from '../page-path/paced.ts';
import type { Link, Load } from '../page-path/page-path.ts';
import { dataCentersAt, PagePath } from '../page-path/page-path.ts';
import { untilStill } from './until-still.ts';

/** Counts the dead letters of page commands by their reason. */
class DeadLetters {
  readonly #view: TableView;
  readonly #byReason = new Map<string, number>();

  static async of(kafka: KafkaAccess): Promise<DeadLetters> {
    const letters = new DeadLetters(kafka);
    await letters.#view.start();
    return letters;
  }

  private constructor(kafka: KafkaAccess) {
    this.#view = new TableView(settingsOf(kafka, 'bench-dead-letters'), {
      topics: [deadLetterTopicOf(PageCommands.card.topic)],
      onRecord: (record) => {
        const reason = headerText(record, deadLetterHeaders.reason) ?? 'unknown';
        // A record batch may stand for several letters.
        const letters = Number(headerText(record, deadLetterHeaders.letters) ?? 1);
        this.#byReason.set(reason, this.count(reason) + letters);
      },
    });
  }

  count = (reason: string): number => this.#byReason.get(reason) ?? 0;

  get total(): number {
    return [...this.#byReason.values()].reduce((sum, count) => sum + count, 0);
  }

  close = (): Promise<void> => this.#view.stop();
}

/** A page-delivery that can be killed and started again. */
class Delivery {
  readonly #path: PagePath;
  readonly #env: Readonly<Record<string, string>>;
  #process: LocalProcess | undefined;

  constructor(path: PagePath, env: Readonly<Record<string, string>>) {
    this.#path = path;
    this.#env = env;
  }

  /** Resolves when it is ready. */
  async start(): Promise<void> {
    this.#process = await this.#path.start('page-delivery', 'page-delivery', this.#env);
  }

  crash = (): Promise<string> => this.#running.crash();

  mebibytes = (when?: 'now' | 'height'): number => mebibytesOf(this.#running.pid, when);

  cpuSeconds = (): number => cpuSeconds([this.#running.pid]) ?? Number.NaN;

  /** Returns the number of pages that wait: that of its gauge, or of the pages in lanes, which older versions count. */
  async waiting(): Promise<number> {
    const metrics = await this.#metrics();
    return sumOf(metrics, 'pagebridge_waiting_pages') ?? sumOf(metrics, 'pagebridge_lane_jobs') ?? 0;
  }

  /** Returns whether it refuses the pages of the largest org beyond a number of waiting pages, instead of pausing. */
  async boundsPages(): Promise<boolean> {
    return sumOf(await this.#metrics(), 'pagebridge_waiting_pages') !== undefined;
  }

  /** Returns the paused partitions; undefined for a version that never pauses any. */
  async pausedPartitions(): Promise<number | undefined> {
    return sumOf(await this.#metrics(), 'pagebridge_intake_paused_partitions');
  }

  get #running(): LocalProcess {
    if (!this.#process) throw new Error('page-delivery was not started');
    return this.#process;
  }

  async #metrics(): Promise<string> {
    const { spec, end } = this.#running;
    if (end !== undefined) throw new Error(this.#running.endReport());
    return (await fetch(`http://127.0.0.1:${spec.env?.MANAGEMENT_PORT}/metrics`)).text();
  }
}

/** Returns the sum of a metric over its labels; undefined if there is none. */
function sumOf(metrics: string, name: string): number | undefined {
  const samples = [...metrics.matchAll(new RegExp(`^${name}(?:\\{.*\\})? (\\S+)$`, 'gm'))];
  return samples.length === 0 ? undefined : samples.reduce((sum, [, value]) => sum + Number(value), 0);
}

const script = join(import.meta.dirname, 'programs/destinations.ts');

/** The pages of one monitor; `refused` were called for while the destination was down, `repeated` were created again. */
export interface Counts {
  readonly created: number;
  readonly resolved: number;
  readonly refused: number;
  readonly repeated: number;
}

/** A healthy destination in D1 and one in D2 that can be down, in one process, with the times of their pages. */
class Destinations {
  readonly dataCenters: readonly DataCenter[];
  readonly #url: string;

  static async start(testbed: Testbed): Promise<Destinations> {
    const [healthyPort = 0, floodedPort = 0, controlPort = 0] = await freePorts(3);
    const destinations = new Destinations([healthyPort, floodedPort], `http://127.0.0.1:${controlPort}`);
    await testbed.processes.start({
      name: 'destinations',
      command: process.execPath,
      args: [script, JSON.stringify({ healthyPort, floodedPort, controlPort })],
      layer: 2,
      ready: () => answersOk(destinations.#url),
    });
    return destinations;
  }

  private constructor(ports: readonly number[], url: string) {
    this.dataCenters = dataCentersAt(ports);
    this.#url = url;
  }

  /** Lets the destination in D2 answer 503. */
  goDown = (): Promise<unknown> => call('PUT', `${this.#url}/down`);
  comeBack = (): Promise<unknown> => call('DELETE', `${this.#url}/down`);

  async counts(monitor: string): Promise<Counts> {
    return (await call<Counts>('GET', `${this.#url}/${monitor}`)).body;
  }

  /** Returns the time of each page by the number of its alert. */
  async times(monitor: string, of: 'created' | 'resolved'): Promise<ReadonlyMap<number, number>> {
    return new Map((await call<[number, number][]>('GET', `${this.#url}/${monitor}/${of}`)).body);
  }
}

// What arrives later is missing.
const usualStillMs = 30_000;

interface Delays {
  /** From the planned time of each alert until its page was created or resolved; of a missing one, until now. */
  readonly ms: readonly number[];
  readonly missing: number;
  readonly generatorLateP99Ms: number;
}

/** A source org whose pages are observed at their destination. */
class SourceOrg {
  readonly #load: Load;
  readonly #destinations: Destinations;

  constructor(load: Load, destinations: Destinations) {
    this.#load = load;
    this.#destinations = destinations;
  }

  /** Fires these monitors at a steady pace. */
  fire = (monitor: string, pace: Pace, stillMs = usualStillMs): Promise<Delays> =>
    this.#delays('created', monitor, pace, stillMs);

  /** Lets these monitors recover at a steady pace. */
  recover = (monitor: string, pace: Pace): Promise<Delays> => this.#delays('resolved', monitor, pace, usualStillMs);

  async #delays(what: 'created' | 'resolved', monitor: string, pace: Pace, stillMs: number): Promise<Delays> {
    const transition = what === 'created' ? 'triggered' : 'recovered';
    const { firstSentAtMs, lateP99Ms } = await this.#load.publish(pace, { monitor, transition });
    await untilStill(async () => (await this.#destinations.counts(monitor))[what], pace.count, { stillMs });
    const times = await this.#destinations.times(monitor, what);
    const now = nowMs();
    const planned = (number: number) => firstSentAtMs + (number / pace.perSecond) * 1000;
    const ms = Array.from({ length: pace.count }, (_, number) => (times.get(number) ?? now) - planned(number));
    return { ms, missing: pace.count - times.size, generatorLateP99Ms: lateP99Ms };
  }
}

export interface FloodSize {
  /** The alerts of the flood, each with one page. */
  readonly pages: number;
  /** The alerts of the same org that follow while the flood waits; 0 for none. */
  readonly further: number;
  /** The alerts, and the recoveries, of another org in each phase. */
  readonly others: Pace;
  /** The settings of page-delivery. */
  readonly env: Readonly<Record<string, string>>;
}

/** The orgs that flood the destination that can be down. */
const floodingOrgs = ['flooding', 'flooding-2', 'flooding-3'] as const;

/** An org whose pages go to a destination that can be down, and two orgs that page a healthy one; on their own broker. */
export interface World {
  readonly size: FloodSize;
  readonly path: PagePath;
  readonly delivery: Delivery;
  readonly destinations: Destinations;
  readonly deadLetters: DeadLetters;
  readonly flooding: Load;
  /** Floods of three orgs; the first is that above. */
  readonly floods: readonly Load[];
  readonly other: SourceOrg;
  /** Pages for the first time while the flood waits. */
  readonly newcomer: SourceOrg;
}

/** Starts everything but the services. */
export async function openWorld(testbed: Testbed, size: FloodSize): Promise<World> {
  const destinations = await Destinations.start(testbed);
  const path = await PagePath.on(testbed, destinations.dataCenters);
  const flooded = floodingOrgs.map((sourceOrg) => linkOf(sourceOrg, 'D2'));
  await path.connect([...flooded, linkOf('other', 'D1'), linkOf('newcomer', 'D1')]);
  const loadOf = (sourceOrg: string) => path.load(sourceOrg, teams);
  const floods = floodingOrgs.map(loadOf);
  const [flooding] = floods;
  if (!flooding) throw new Error('no org floods');
  return {
    size,
    path,
    delivery: new Delivery(path, size.env),
    destinations,
    deadLetters: await DeadLetters.of(path.access()),
    flooding,
    floods,
    other: new SourceOrg(loadOf('other'), destinations),
    newcomer: new SourceOrg(loadOf('newcomer'), destinations),
  };
}

export const closeWorld = ({ deadLetters, path }: World): Promise<unknown> =>
  Promise.all([deadLetters.close(), path.close()]);

const teams = ['core'];

function linkOf(sourceOrg: string, dataCenter: string): Link {
  return { sourceOrg, dataCenter, teams, apiKey: 'bench-api-key', applicationKey: 'bench-application-key' };
}
