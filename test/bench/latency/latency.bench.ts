import { join } from 'node:path';
import { Alerts, PageCommands } from '@pagebridge/contracts';
import { createTopics } from '@pagebridge/kafka';
import type { ServiceName } from '@pagebridge/local-stack';
import { accessTo, settingsOf } from '../../harness/kafka-access.ts';
import { latencyFigures } from '../harness/statistics.ts';
import type { Bench, Contender, Figures, Testbed } from '../harness/testbed.ts';
import { Load, PagePath, Receiver, Watched } from '../page-path/page-path.ts';

const rates = [100, 300, 1000, 3000];
/** The rate of the comparison with raw kafkajs: high enough to show differences, and below every contender's limit. */
const comparedAt = 1000;

const programs = join(import.meta.dirname, '../page-path/programs');
const watchTopic = join(programs, 'watch-topic.ts');
const from = 'bench.alerts';
const to = 'bench.passed';
const raw = `raw kafkajs at ${comparedAt}/s`;
/** Measured without page-delivery, because raw kafkajs has no such service either. */
const alone = `page-routing alone at ${comparedAt}/s`;
const nameAt = (perSecond: number) => `Pagebridge at ${perSecond}/s`;

/** Sends one steady load; the latencies are named after their observer. */
async function figuresOf(
  testbed: Testbed,
  load: Load,
  perSecond: number,
  watched: Readonly<Record<string, Pick<Watched, 'take'>>>,
): Promise<Figures> {
  const count = perSecond * (testbed.quick ? 3 : 8);
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

/** Starts these services on the testbed's broker; returns a sender of alerts and an observer of the commands. */
async function started(testbed: Testbed, receiver: Receiver, services: readonly ServiceName[]) {
  const path = await PagePath.on(testbed, receiver.dataCenters);
  const links = receiver.linksOf('acme');
  const teams = links.flatMap((link) => link.teams);
  const load = path.load('acme', teams);
  await path.connect(links);
  const topic = PageCommands.card.topic;
  const [command] = await testbed.progress.step(`starting ${services.join(' and ')}`, () =>
    Promise.all([
      Watched.start(testbed, 'watch-commands', watchTopic, { kafka: path.access(), topic }),
      ...services.map((service) => path.start(service)),
    ]),
  );
  return { load, command };
}

async function pagebridge(testbed: Testbed, receiver: Receiver): Promise<Contender[]> {
  const { load, command } = await started(testbed, receiver, ['page-routing', 'page-delivery']);
  const at = (perSecond: number) => figuresOf(testbed, load, perSecond, { command, accepted: receiver });
  await testbed.progress.step('warming up', () => at(comparedAt));
  return rates.map((perSecond): Contender => ({ name: nameAt(perSecond), measure: () => at(perSecond) }));
}

/** Returns a contender that is compared at one rate, after it has warmed up with that load. */
async function compared(testbed: Testbed, name: string, load: Load, command: Watched): Promise<Contender> {
  const measure = () => figuresOf(testbed, load, comparedAt, { command });
  await testbed.progress.step(`warming up ${name}`, measure);
  return { name, measure };
}

async function routingAlone(testbed: Testbed, receiver: Receiver): Promise<Contender> {
  const { load, command } = await started(testbed, receiver, ['page-routing']);
  return compared(testbed, alone, load, command);
}

async function rawKafkajs(testbed: Testbed): Promise<Contender> {
  const kafka = accessTo(await testbed.kafka(), 'admin');
  const { partitions } = Alerts.card;
  await createTopics(settingsOf(kafka, 'bench'), [
    { topic: from, partitions, config: {} },
    { topic: to, partitions, config: {} },
  ]);
  await testbed.startMeasured({
    name: 'raw-kafkajs',
    command: process.execPath,
    args: [join(programs, 'pass-through.ts'), JSON.stringify({ kafka, from, to, group: 'bench-pass-through' })],
    layer: 3,
    ready: async () => true,
  });
  const command = await Watched.start(testbed, 'watch-passed', watchTopic, { kafka, topic: to });
  const load = new Load(testbed, { kafka, topic: from, sourceOrg: 'acme', teams: ['core'] });
  return compared(testbed, raw, load, command);
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
  prepare: async (testbed) => {
    const receiver = await Receiver.start(testbed, 50);
    const beside = testbed.branch('routing-alone');
    return [...(await pagebridge(testbed, receiver)), await routingAlone(beside, receiver), await rawKafkajs(beside)];
  },
};
