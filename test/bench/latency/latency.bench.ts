import { join } from 'node:path';
import { Alerts, PageCommands } from '@pagebridge/contracts';
import { createTopics } from '@pagebridge/kafka';
import type { ServiceName } from '@pagebridge/local-stack';
import { accessTo, settingsOf } from '../../harness/kafka-access.ts';
import type { Bench, Contender, Figures } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { latencyFigures } from '../harness/statistics.ts';
import { Load } from '../page-path/load.ts';
import { PagePath } from '../page-path/page-path.ts';
import { Receiver } from '../page-path/receiver.ts';
import { Watched } from '../page-path/watched.ts';

const rates = [100, 300, 1000, 3000];
/** Where raw kafkajs is compared: busy enough to show, slow enough that nobody is at an end. */
const comparedAt = 1000;

const programs = join(import.meta.dirname, '../page-path/programs');
const watchTopic = join(programs, 'watch-topic.ts');
const from = 'bench.alerts';
const to = 'bench.passed';
const raw = `raw kafkajs at ${comparedAt}/s`;
/** Without page-delivery behind it, as raw kafkajs has nobody behind it. */
const alone = `page-routing alone at ${comparedAt}/s`;
const nameAt = (perSecond: number) => `Pagebridge at ${perSecond}/s`;

/** Sends one steady load; its latencies are told under the name of whoever watches. */
async function figuresOf(
  ground: Ground,
  load: Load,
  perSecond: number,
  watched: Readonly<Record<string, Pick<Watched, 'take'>>>,
): Promise<Figures> {
  const count = perSecond * (ground.quick ? 3 : 8);
  const taken = Object.entries(watched).map(async ([what, watch]) => {
    const { latenciesMs } = await watch.take(count);
    const { p50Ms, p99Ms, p999Ms } = latencyFigures(latenciesMs);
    return [
      [`${what}P50Ms`, p50Ms],
      [`${what}P99Ms`, p99Ms],
      [`${what}P999Ms`, p999Ms],
    ] as const;
  });
  const [{ lateP99Ms }, ...figures] = await Promise.all([load.publish({ count, perSecond }), ...taken]);
  return { ...Object.fromEntries(figures.flat()), generatorLateP99Ms: lateP99Ms };
}

/** These services, on a broker of the ground's own; answers what sends alerts to them and what sees their commands. */
async function started(ground: Ground, receiver: Receiver, services: readonly ServiceName[]) {
  const path = await PagePath.on(ground, receiver.dataCenters);
  const links = receiver.linksOf('acme');
  const teams = links.flatMap((link) => link.teams);
  const load = new Load(ground, { kafka: path.access('alert-producers'), sourceOrg: 'acme', teams });
  await path.connect(links);
  const topic = PageCommands.card.topic;
  const [command] = await ground.progress.step(`starting ${services.join(' and ')}`, () =>
    Promise.all([
      Watched.start(ground, 'watch-commands', watchTopic, { kafka: path.access(), topic }),
      ...services.map((service) => path.start(service)),
    ]),
  );
  return { load, command };
}

async function pagebridge(ground: Ground, receiver: Receiver): Promise<Contender[]> {
  const { load, command } = await started(ground, receiver, ['page-routing', 'page-delivery']);
  const at = (perSecond: number) => figuresOf(ground, load, perSecond, { command, accepted: receiver });
  await ground.progress.step('warming up', () => at(comparedAt));
  return rates.map((perSecond): Contender => ({ name: nameAt(perSecond), measure: () => at(perSecond) }));
}

/** One that is compared at one rate; it has had that load once before. */
async function compared(ground: Ground, name: string, load: Load, command: Watched): Promise<Contender> {
  const measure = () => figuresOf(ground, load, comparedAt, { command });
  await ground.progress.step(`warming up ${name}`, measure);
  return { name, measure };
}

async function routingAlone(ground: Ground, receiver: Receiver): Promise<Contender> {
  const { load, command } = await started(ground, receiver, ['page-routing']);
  return compared(ground, alone, load, command);
}

async function rawKafkajs(ground: Ground): Promise<Contender> {
  const kafka = accessTo(await ground.kafka(), 'admin');
  const { partitions } = Alerts.card;
  await createTopics(settingsOf(kafka, 'bench'), [
    { topic: from, partitions, config: {} },
    { topic: to, partitions, config: {} },
  ]);
  await ground.startMeasured({
    name: 'raw-kafkajs',
    command: process.execPath,
    args: [join(programs, 'pass-through.ts'), JSON.stringify({ kafka, from, to, group: 'bench-pass-through' })],
    layer: 3,
    ready: async () => true,
  });
  const command = await Watched.start(ground, 'watch-passed', watchTopic, { kafka, topic: to });
  const load = new Load(ground, { kafka, topic: from, sourceOrg: 'acme', teams: ['core'] });
  return compared(ground, raw, load, command);
}

export const latency: Bench = {
  rounds: 5,
  findings: [
    {
      name: 'alert to command, p99 at 1,000/s / raw kafkajs',
      figure: 'commandP99Ms',
      of: alone,
      to: raw,
      goal: { atMost: 1.5 },
    },
    {
      name: 'the same with page-delivery behind it / raw kafkajs',
      figure: 'commandP99Ms',
      of: nameAt(comparedAt),
      to: raw,
    },
  ],
  prepare: async (ground) => {
    const receiver = await Receiver.start(ground, 50);
    const beside = ground.branch('routing-alone');
    return [...(await pagebridge(ground, receiver)), await routingAlone(beside, receiver), await rawKafkajs(beside)];
  },
};
