import { requirePrivate } from '@pagebridge/access';
import { programLog } from '@pagebridge/kafka';
import { say } from '@pagebridge/programs';
import { KeyRing, parseSealingKey } from '@pagebridge/sealed-credentials';
import {
  brokersOf,
  fromVariable,
  kafkaSecurityOf,
  keepMemoryPrivate,
  loadConfig,
  useConfiguredProxy,
} from '@pagebridge/service';
import { refuseContext } from '../contexts/chosen-context.ts';
import { exitCodes } from '../exit-codes.ts';
import { printItems } from '../output/output.ts';
import { resealConfig } from './config.ts';
import { ConnectionTable } from './connection-table.ts';
import { ConnectionsApi } from './connections-api.ts';
import type { Options } from './reseal.command.ts';
import { Reseal, StoppedError } from './reseal.ts';
import { Sealer } from './sealer.ts';

type Counted = { readonly kid: string; readonly credentials: number; readonly state: 'present key' | 'left' };
const counted = {
  columns: [
    { title: 'KEY', of: ({ kid }: Counted) => kid || '(no seal)' },
    { title: 'CREDENTIALS', of: ({ credentials }: Counted) => String(credentials) },
    { title: 'STATE', of: ({ state }: Counted) => state },
  ],
  nameOf: ({ kid }: Counted) => kid,
};

/** Reseals what the options name; resolves to the exit code. */
export async function runReseal({ plan, org, rate, output }: Options): Promise<number> {
  refuseContext('reseal', process.env);
  keepMemoryPrivate(say);
  const config = loadConfig(resealConfig, process.env);
  await useConfiguredProxy();
  const { CONNECTION_MANAGEMENT_URL: url, PAGEBRIDGE_TOKEN: token } = config;
  if (token !== undefined) fromVariable('CONNECTION_MANAGEMENT_URL', () => requirePrivate(url));
  const ring = fromVariable('CREDENTIALS_PRIVATE_KEYS', () => KeyRing.parse(config.CREDENTIALS_PRIVATE_KEYS));
  const key = fromVariable('CREDENTIALS_PUBLIC_KEY', () => parseSealingKey(config.CREDENTIALS_PUBLIC_KEY));
  const sealer = fromVariable('CREDENTIALS_PRIVATE_KEYS', () => new Sealer(ring, key));
  const bounds = { connectTimeoutMs: 10_000, maxDecompressedBytes: config.KAFKA_MAX_BATCH_MIB * 1024 * 1024 };
  const kafka = { brokers: brokersOf(config), security: kafkaSecurityOf(process.env), log: programLog(say), ...bounds };
  const table = new ConnectionTable({ ...kafka, clientId: 'pagebridge-reseal' }, org);
  const stop = new AbortController();
  for (const name of ['SIGINT', 'SIGTERM'] as const) process.once(name, () => stop.abort());
  try {
    await table.start();
    // A mistyped org must not look like an org that has nothing left.
    if (org !== undefined && table.connections.size === 0) {
      say(`no connection of ${org} is known`);
      return exitCodes.notFound;
    }
    const reseal = new Reseal(table, new ConnectionsApi(url, token), sealer, { rate, tries: 5, newsMs: 10_000 }, say);
    if (!plan) await reseal.run(stop.signal).catch(sayStopped);
    const stateOf = (kid: string) => (kid === sealer.kid ? 'present key' : 'left');
    const counts: Counted[] = [...reseal.counts()].map(([kid, credentials]) => ({
      kid,
      credentials,
      state: stateOf(kid),
    }));
    const unreadable = table.unreadable.size;
    if (unreadable > 0) counts.push({ kid: '(unreadable)', credentials: unreadable, state: 'left' });
    printItems(counts, counted, output);
    return reseal.left().length + unreadable > 0 ? exitCodes.failed : exitCodes.done;
  } finally {
    await table.stop();
  }
}

function sayStopped(error: unknown): void {
  if (!(error instanceof StoppedError)) throw error;
  say(`${error.message}; run it again to continue from there`);
}
