import { randomBytes } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { javaPath } from './executables.ts';
import type { StackFolder } from './folder.ts';
import { kafkaJars } from './kafka-jars.ts';
import { firstAnswer, freePorts } from './ports.ts';
import type { LocalProcess, Processes } from './processes.ts';

export interface PrivateKafka {
  /** `127.0.0.1:<port>` */
  readonly brokers: string;
  readonly process: LocalProcess;
  /** The folder with Kafka's jars, for tests that need a Java client. */
  readonly jars: string;
}

/** Starts a broker of its own (KRaft, one node, empty) and waits until it answers a metadata request. */
export async function startKafka(folder: StackFolder, processes: Processes): Promise<PrivateKafka> {
  const jars = await kafkaJars(processes);
  const [port = 0, controllerPort = 0] = await freePorts(2);
  const home = join(folder.path, 'kafka');
  const configFile = join(home, 'server.properties');
  mkdirSync(home, { recursive: true });
  writeFileSync(configFile, serverProperties(port, controllerPort, join(home, 'data')));

  const java = javaPath() ?? 'java';
  const logging = [
    `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`,
    `-Dkafka.log.file=${join(folder.logs, 'kafka.log')}`,
  ];
  const classpath = ['-cp', `${jars}/*`];
  const format = ['kafka.tools.StorageTool', 'format', '--cluster-id', clusterId(), '--config', configFile];
  await processes.run({ name: 'kafka-format', command: java, args: ['-Xmx128m', ...logging, ...classpath, ...format] });

  const broker = await processes.start({
    name: 'kafka',
    command: java,
    args: ['-Xms256m', '-Xmx512m', ...logging, ...classpath, 'kafka.Kafka', configFile],
    layer: 0,
    ready: () => answersMetadata(port),
  });
  return { brokers: `127.0.0.1:${port}`, process: broker, jars };
}

/**
 * What makes a broker quick and quiet enough for one machine.
 *
 * No auto-creation: a topic comes from its card or not at all. No wait before the first rebalance and short sessions
 * allowed, so that a restart of a service shows at once. The cleaner stays on: `page-states` lives on compaction.
 */
export const serverSettings = {
  'auto.create.topics.enable': 'false',
  'default.replication.factor': '1',
  'offsets.topic.replication.factor': '1',
  'offsets.topic.num.partitions': '5',
  'transaction.state.log.replication.factor': '1',
  'transaction.state.log.min.isr': '1',
  'transaction.state.log.num.partitions': '5',
  'share.coordinator.state.topic.replication.factor': '1',
  'share.coordinator.state.topic.min.isr': '1',
  'group.initial.rebalance.delay.ms': '0',
  'group.min.session.timeout.ms': '1000',
  'log.cleaner.dedupe.buffer.size': '16777216',
} as const;

function serverProperties(port: number, controllerPort: number, data: string): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': '1',
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': data,
    ...serverSettings,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}

// A cluster id is a UUID in base64url. A leading dash would be read as an option.
const clusterId = () => randomBytes(16).toString('base64url').replace(/^-/, 'A');

// Metadata v1 for all topics: the port opens before the broker has registered, so an answer that names a broker counts.
const metadataRequest = Buffer.from(
  '00000014' + '0003' + '0001' + '00000001' + '0006' + '70726f626531' + 'ffffffff',
  'hex',
);

async function answersMetadata(port: number): Promise<boolean> {
  const answer = await firstAnswer(port, metadataRequest, 12);
  return answer !== undefined && answer.readInt32BE(8) > 0;
}
