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
  /** The folder with Kafka's jars, for tests with a Java client. */
  readonly jars: string;
}

/** Several brokers of one cluster; each can be killed, paused and restarted. */
export interface PrivateKafkaCluster {
  /** `127.0.0.1:<port>,…` */
  readonly brokers: string;
  readonly nodes: readonly LocalProcess[];
}

/** The listeners, users and certificates of a broker. */
export interface BrokerAccess {
  /** Further settings of the broker, such as TLS listeners. */
  readonly settings?: (ports: BrokerPorts) => Readonly<Record<string, string>>;
  /** The initial SCRAM users of a new broker, as `SCRAM-SHA-512=[name=…,password=…]`. */
  readonly scramUsers?: readonly string[];
  /** The client certificate for connections among brokers without a plaintext listener; the readiness check uses it too. */
  readonly internalTls?: SecureContextOptions;
}

export interface BrokerOptions extends BrokerAccess {
  readonly port?: number | undefined;
  /** A benchmark measures the broker: keep the JIT compilation and caches that cost time at the start. */
  readonly isMeasured?: boolean;
}

export interface BrokerPorts {
  readonly port: number;
  readonly controllerPort: number;
  /** The port for connections among brokers, if they do not use that of clients. */
  readonly internalPort: number;
}

/**
 * Starts a private broker (KRaft, one node) and waits until it answers a metadata request.
 *
 * The broker has the data of the folder, and starts empty if there is none.
 */
export async function startKafka(
  folder: StackFolder,
  processes: Processes,
  { port, isMeasured = false, ...access }: BrokerOptions = {},
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

/** Starts several nodes: each record has three replicas (or all nodes), and a write needs all but one of them in sync. */
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

// C1 code only: without recompilation by C2, a broker is ready for two thirds of the CPU time.
const compileOnce = '-XX:TieredStopAtLevel=1';
// The garbage of a small heap needs no parallel collector.
const quietJvm = [compileOnce, '-XX:+UseSerialGC', '-XX:-UsePerfData'];

// Without these an idle broker needs twice the CPU time: it writes a no-op record twice a second, and has idle threads.
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

/** Formats a node's folder for the cluster. Without SCRAM users, writes the meta file directly: Kafka's tool needs a JVM. */
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
  // Every user of the machine can see the arguments of a process, so the passwords are passed in a file.
  const users = join(node.home, 'scram-users');
  writeFileSync(users, scramUsers.map((user) => `--add-scram\n${user}\n`).join(''), { mode: 0o600 });
  const tool = ['kafka.tools.StorageTool', 'format', '--cluster-id', cluster, '--config', config, `@${users}`];
  const args = ['-Xmx128m', compileOnce, ...java.args, ...tool];
  const name = `${node.name}-format`;
  await processes.run({ ...java, name, args });
  rmSync(users);
  // The log of the tool contains the salted passwords.
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
 * The settings that make a broker fast and quiet enough for one machine.
 *
 * No auto-creation: topics are created from their cards only. No delay of the first rebalance, and short sessions, so that
 * a restarted service gets its partitions at once. The log cleaner stays on: `page-states` depends on compaction.
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

// Ids of clusters and folders are UUIDs in base64url. A leading dash would be parsed as an option.
const kafkaId = () => randomBytes(16).toString('base64url').replace(/^-/, 'A');

// Metadata v1 for all topics. The port opens before the broker has registered, so the answer must name a broker.
const metadataRequest = Buffer.from(
  '00000014' + '0003' + '0001' + '00000001' + '0006' + '70726f626531' + 'ffffffff',
  'hex',
);

async function answersMetadata(port: number, tls: SecureContextOptions | undefined): Promise<boolean> {
  const answer = await firstAnswer(port, metadataRequest, 12, tls);
  return answer !== undefined && answer.readInt32BE(8) > 0;
}
