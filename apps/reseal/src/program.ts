import { requirePrivate } from '@pagebridge/access';
import { programLog } from '@pagebridge/kafka';
import { exitCodeOf, exitCodes, UsageError } from '@pagebridge/programs';
import { KeyRing, parseSealingKey } from '@pagebridge/sealed-credentials';
import {
  brokersOf,
  fromVariable,
  kafkaSecurityOf,
  keepMemoryPrivate,
  loadConfig,
  useConfiguredProxy,
} from '@pagebridge/service';
import { Reseal, StoppedError } from './application/reseal.ts';
import { type ResealConfig, resealConfig } from './config.ts';
import { argumentsOf, help } from './inbound/arguments.ts';
import { ConnectionTable } from './outbound/connection-table.ts';
import { ConnectionsApi } from './outbound/connections-api.ts';
import { RingSealer } from './outbound/ring-sealer.ts';

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const say = (line: string): void => void process.stderr.write(`${line}\n`);
const log = programLog(say);

/** Runs the program. Resolves to its exit code. */
export const program = (line: readonly string[], env: NodeJS.ProcessEnv): Promise<number> =>
  exitCodeOf(async () => {
    const given = argumentsOf(line);
    if (given) return run(given, env);
    process.stdout.write(help);
    return exitCodes.done;
  });

async function run(given: NonNullable<ReturnType<typeof argumentsOf>>, env: NodeJS.ProcessEnv): Promise<number> {
  keepMemoryPrivate(say);
  const config = loadConfig(resealConfig, env);
  await useConfiguredProxy();
  const { CONNECTION_MANAGEMENT_URL: url, PAGEBRIDGE_TOKEN: token } = config;
  if (token !== undefined) fromVariable('CONNECTION_MANAGEMENT_URL', () => requirePrivate(url));
  const [security, sealer] = [kafkaSecurityOf(env), sealerOf(config)];
  const bounds = { connectTimeoutMs: 10_000, maxDecompressedBytes: config.KAFKA_MAX_BATCH_MIB * 1024 * 1024 };
  const kafka = { brokers: brokersOf(config), security, log, clientId: 'pagebridge-reseal', ...bounds };
  const table = new ConnectionTable(kafka, given.org);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  try {
    await table.start();
    // A mistyped org must not look like an org that has nothing left.
    if (given.org !== undefined && table.connections.size === 0) {
      throw new UsageError(`no connection of ${given.org} is known`);
    }
    const api = new ConnectionsApi(url, token);
    const reseal = new Reseal(table, api, sealer, { rate: given.rate, tries: 5, newsMs: 10_000 }, say);
    if (!given.plan) await reseal.run(stop.signal).catch(sayStopped);
    for (const [kid, count] of reseal.counts()) {
      print(`${kid || '(no seal)'}\t${count}\t${kid === sealer.kid ? 'present key' : 'left'}`);
    }
    const unreadable = table.unreadable.size;
    if (unreadable > 0) print(`(unreadable)\t${unreadable}\tleft`);
    return reseal.left().length + unreadable > 0 ? exitCodes.failed : exitCodes.done;
  } finally {
    await table.stop();
  }
}

function sayStopped(error: unknown): void {
  if (!(error instanceof StoppedError)) throw error;
  say(`${error.message}; run it again to continue from there`);
}

const sealerOf = ({ CREDENTIALS_PRIVATE_KEYS, CREDENTIALS_PUBLIC_KEY }: ResealConfig): RingSealer => {
  const ring = fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(CREDENTIALS_PRIVATE_KEYS));
  const key = fromVariable('CREDENTIALS_PUBLIC_KEY', () => parseSealingKey(CREDENTIALS_PUBLIC_KEY));
  return fromVariable('CREDENTIALS_PRIVATE_KEYS', () => new RingSealer(ring, key));
};
