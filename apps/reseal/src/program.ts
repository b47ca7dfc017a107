import { requirePrivate } from '@pagebridge/access';
import { type KafkaSecurity, programLog } from '@pagebridge/kafka';
import { KeyRing, parseSealingKey } from '@pagebridge/sealed-credentials';
import {
  brokersOf,
  ConfigError,
  fromVariable,
  kafkaSecurityOf,
  keepMemoryPrivate,
  loadConfig,
  useConfiguredProxy,
} from '@pagebridge/service';
import { Reseal, StoppedError } from './application/reseal.ts';
import { type ResealConfig, resealConfig } from './config.ts';
import { type Arguments, argumentsOf, help, UsageError } from './inbound/arguments.ts';
import { ConnectionTable } from './outbound/connection-table.ts';
import { ConnectionsApi } from './outbound/connections-api.ts';
import { RingSealer } from './outbound/ring-sealer.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const log = programLog(say);

/** Runs the program. Resolves to its exit code. */
export async function program(line: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  try {
    const given = argumentsOf(line);
    if (!given) {
      process.stdout.write(help);
      return 0;
    }
    keepMemoryPrivate(say);
    const config = loadConfig(resealConfig, env);
    await useConfiguredProxy();
    return await run(given, config, kafkaSecurityOf(env));
  } catch (error) {
    say(error instanceof Error ? error.message : String(error));
    return error instanceof UsageError || error instanceof ConfigError ? 2 : 1;
  }
}

async function run(given: Arguments, config: ResealConfig, security: KafkaSecurity): Promise<number> {
  const { CONNECTION_MANAGEMENT_URL: url, PAGEBRIDGE_TOKEN: token } = config;
  if (token !== undefined) fromVariable('CONNECTION_MANAGEMENT_URL', () => requirePrivate(url));
  const sealer = sealerOf(config);
  const maxDecompressedBytes = config.KAFKA_MAX_BATCH_MIB * 1024 * 1024;
  const brokers = brokersOf(config);
  const kafka = {
    brokers,
    security,
    log,
    clientId: 'pagebridge-reseal',
    connectTimeoutMs: 10_000,
    maxDecompressedBytes,
  };
  const table = new ConnectionTable(kafka, given.org);
  const stop = new AbortController();
  const onSignal = () => stop.abort();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, onSignal);
  try {
    await table.start();
    // A mistyped org must not look like an org that has nothing left.
    if (given.org !== undefined && table.connections.size === 0) {
      throw new UsageError(`no connection of ${given.org} is known`);
    }
    const api = new ConnectionsApi(url, token);
    const reseal = new Reseal(table, api, sealer, { ...given, tries: 5, newsMs: 10_000 }, say);
    if (!given.plan) await reseal.run(stop.signal).catch(sayStopped);
    return report(reseal, table, sealer.kid);
  } finally {
    await table.stop();
  }
}

function sayStopped(error: unknown): void {
  if (!(error instanceof StoppedError)) throw error;
  say(`${error.message}; run it again to continue from there`);
}

function report(reseal: Reseal, table: ConnectionTable, kid: string): number {
  for (const [its, count] of reseal.counts()) {
    print(`${its || '(no seal)'}\t${count}\t${its === kid ? 'present key' : 'left'}`);
  }
  if (table.unreadable > 0) print(`(unreadable)\t${table.unreadable}\tleft`);
  return reseal.left().length + table.unreadable > 0 ? 1 : 0;
}

const sealerOf = ({ CREDENTIALS_PRIVATE_KEYS, CREDENTIALS_PUBLIC_KEY }: ResealConfig): RingSealer => {
  const ring = fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(CREDENTIALS_PRIVATE_KEYS));
  const key = fromVariable('CREDENTIALS_PUBLIC_KEY', () => parseSealingKey(CREDENTIALS_PUBLIC_KEY));
  return fromVariable('CREDENTIALS_PRIVATE_KEYS', () => new RingSealer(ring, key));
};
