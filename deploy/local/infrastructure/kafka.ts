import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { SecureContextOptions } from 'node:tls';
import type { StackFolder } from '../folder.ts';
import { javaPath } from '../processes/executables.ts';
import { firstAnswer, freePorts, freePortsOr } from '../processes/ports.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';
import { kafkaJars } from './kafka-jars.ts';

export interface PrivateKafka {
  /** `127.0.0.1:<port>` */
  readonly brokers: string;
  readonly process: LocalProcess;
  /** The folder with Kafka's jars, for tests that need a Java client. */
  readonly jars: string;
}

/** Several brokers of one cluster, each of which can be killed, paused and started again. */
export interface PrivateKafkaCluster {
  /** `127.0.0.1:<port>,…` */
  readonly brokers: string;
  readonly nodes: readonly LocalProcess[];
}

/** Who may speak to a broker, and how. */
export interface BrokerAccess {
  /** Settings of the broker's own, such as listeners with TLS. */
  readonly settings?: (ports: BrokerPorts) => Readonly<Record<string, string>>;
  /** Users of SCRAM, as `SCRAM-SHA-512=[name=…,password=…]`, that a new broker begins with. */
  readonly scramUsers?: readonly string[];
  /** What brokers show to each other, where none listens in the clear; whether one is ready is asked with it, too. */
  readonly internalTls?: SecureContextOptions;
}

export interface BrokerWish extends BrokerAccess {
  readonly port?: number | undefined;
  /** It is measured: what Java and Kafka do to be quick later is worth its time. */
  readonly isMeasured?: boolean;
}

export interface BrokerPorts {
  readonly port: number;
  readonly controllerPort: number;
  /** For brokers among themselves, where they do not use the one of clients. */
  readonly internalPort: number;
}

/**
 * Starts a broker of its own (KRaft, one node) and waits until it answers a metadata request.
 *
 * It has what the folder holds, and is empty where that is nothing.
 */
export async function startKafka(
  folder: StackFolder,
  processes: Processes,
  { port, isMeasured = false, ...access }: BrokerWish = {},
): Promise<PrivateKafka> {
  const jars = await kafkaJars(processes);
  const [kafkaPort = 0, controllerPort = 0, internalPort = 0] = await freePortsOr([port, undefined, undefined]);
  const home = join(folder.path, 'kafka', 'kafka');
  const node = { id: 1, name: 'kafka', port: kafkaPort, controllerPort, internalPort, home };
  const java = { jars, options: isMeasured ? [] : quietJvm };
  const settings = (ports: BrokerPorts) => ({ ...(isMeasured ? {} : quietSettings), ...access.settings?.(ports) });
  const { brokers, nodes } = await startNodes(folder, processes, java, [node], { ...access, settings });
  const [broker] = nodes;
  if (!broker) throw new Error('no broker was started');
  return { brokers, process: broker, jars };
}

/** The same with several nodes: each record on three of them (or all), written to all but one at least before it counts. */
export async function startKafkaCluster(
  folder: StackFolder,
  processes: Processes,
  size = 3,
  access: BrokerAccess = {},
): Promise<PrivateKafkaCluster> {
  const jars = await kafkaJars(processes);
  const ports = await freePorts(3 * size);
  const nodes = Array.from({ length: size }, (_, index): Node => {
    const name = `kafka-${index + 1}`;
    const [port = 0, controllerPort = 0, internalPort = 0] = ports.slice(3 * index);
    return { id: index + 1, name, port, controllerPort, internalPort, home: join(folder.path, 'kafka', name) };
  });
  const settings = (node: BrokerPorts) => ({
    ...replicated(Math.min(size, 3)),
    ...quietSettings,
    ...access.settings?.(node),
  });
  return startNodes(folder, processes, { jars, options: quietJvm }, nodes, { ...access, settings });
}

// Java's code is compiled once, and not again and better where it runs often: a broker is ready for two thirds of the CPU time.
const compileOnce = '-XX:TieredStopAtLevel=1';
// Garbage of a small heap needs no threads beside those that make it.
const quietJvm = [compileOnce, '-XX:+UseSerialGC', '-XX:-UsePerfData'];

// Without these an idle broker takes twice the CPU time: it writes a record that says nothing twice a second, and has more
// threads than work.
const quietSettings = {
  'metadata.max.idle.interval.ms': '0',
  'num.network.threads': '1',
  'num.io.threads': '2',
} as const;

interface Java {
  readonly jars: string;
  readonly options: readonly string[];
}

interface Node extends BrokerPorts {
  readonly id: number;
  readonly name: string;
  readonly home: string;
}

async function startNodes(
  folder: StackFolder,
  processes: Processes,
  { jars, options }: Java,
  nodes: readonly Node[],
  { settings, scramUsers = [], internalTls }: BrokerAccess,
): Promise<PrivateKafkaCluster> {
  const voters = nodes.map(({ id, controllerPort }) => `${id}@127.0.0.1:${controllerPort}`).join(',');
  const cluster = kafkaId();
  const started = nodes.map(async (node) => {
    const config = join(node.home, 'server.properties');
    mkdirSync(node.home, { recursive: true });
    writeFileSync(config, serverProperties(node, voters, settings?.(node)));
    const java = javaOf(folder, node, jars);
    if (!existsSync(metaFileOf(node)))
      await format(processes, java, node, { cluster, config, scramUsers, logs: folder.logs });
    return processes.start({
      ...java,
      args: ['-Xms256m', '-Xmx512m', ...options, ...java.args, 'kafka.Kafka', config],
      layer: 0,
      ready: () => answersMetadata(internalTls ? node.internalPort : node.port, internalTls),
      // Several that start at once on two busy cores take their time.
      readyWithinMs: 120_000,
    });
  });
  return { brokers: nodes.map(({ port }) => `127.0.0.1:${port}`).join(','), nodes: await Promise.all(started) };
}

const dataOf = ({ home }: Node) => join(home, 'data');
const metaFileOf = (node: Node) => join(dataOf(node), 'meta.properties');

interface NewNode {
  readonly cluster: string;
  readonly config: string;
  readonly scramUsers: readonly string[];
  readonly logs: string;
}

/** Makes a node's folder one of the cluster. What Kafka's own tool leaves there by default is little, and takes no JVM. */
async function format(
  processes: Processes,
  java: ReturnType<typeof javaOf>,
  node: Node,
  { cluster, config, scramUsers, logs }: NewNode,
): Promise<void> {
  if (scramUsers.length === 0) {
    mkdirSync(dataOf(node), { recursive: true });
    const meta = ['version=1', `node.id=${node.id}`, `cluster.id=${cluster}`, `directory.id=${kafkaId()}`];
    writeFileSync(metaFileOf(node), `${meta.join('\n')}\n`);
    return;
  }
  // Whoever is on this machine may see the arguments of a process: what holds passwords is a file.
  const users = join(node.home, 'scram-users');
  writeFileSync(users, scramUsers.map((user) => `--add-scram\n${user}\n`).join(''), { mode: 0o600 });
  const tool = ['kafka.tools.StorageTool', 'format', '--cluster-id', cluster, '--config', config, `@${users}`];
  const args = ['-Xmx128m', compileOnce, ...java.args, ...tool];
  const name = `${node.name}-format`;
  await processes.run({ ...java, name, args });
  rmSync(users);
  // It lists what passwords are checked with.
  rmSync(join(logs, `${name}.log`));
}

const javaOf = (folder: StackFolder, { name }: Node, jars: string) => ({
  name,
  command: javaPath() ?? 'java',
  args: [
    `-Dlog4j2.configurationFile=${join(import.meta.dirname, 'log4j2.properties')}`,
    `-Dkafka.log.file=${join(folder.logs, `${name}.log`)}`,
    '-cp',
    `${jars}/*`,
  ],
});

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

const replicated = (replicas: number) => ({
  'default.replication.factor': String(replicas),
  'min.insync.replicas': String(Math.max(1, replicas - 1)),
  'offsets.topic.replication.factor': String(replicas),
  'transaction.state.log.replication.factor': String(replicas),
  'transaction.state.log.min.isr': String(Math.max(1, replicas - 1)),
});

function serverProperties(node: Node, voters: string, own: Readonly<Record<string, string>> = {}): string {
  const settings = {
    'process.roles': 'broker,controller',
    'node.id': String(node.id),
    'controller.quorum.voters': voters,
    listeners: `PLAINTEXT://127.0.0.1:${node.port},CONTROLLER://127.0.0.1:${node.controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${node.port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': dataOf(node),
    ...serverSettings,
    ...own,
  };
  const lines = Object.entries(settings).map(([name, value]) => `${name}=${value}`);
  return `${lines.join('\n')}\n`;
}

// Ids of clusters and of folders are UUIDs in base64url. A leading dash would be read as an option.
const kafkaId = () => randomBytes(16).toString('base64url').replace(/^-/, 'A');

// Metadata v1 for all topics: the port opens before the broker has registered, so an answer that names a broker counts.
const metadataRequest = Buffer.from(
  '00000014' + '0003' + '0001' + '00000001' + '0006' + '70726f626531' + 'ffffffff',
  'hex',
);

async function answersMetadata(port: number, tls: SecureContextOptions | undefined): Promise<boolean> {
  const answer = await firstAnswer(port, metadataRequest, 12, tls);
  return answer !== undefined && answer.readInt32BE(8) > 0;
}
