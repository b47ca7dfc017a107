import { Pool } from 'undici';
import { latencyFigures } from '../../harness/statistics.ts';
import { handleAt, numbersBelow, orgName, type WorldSize } from '../world.ts';

/* Searches handles like an autocomplete, one key stroke after the other, and measures each answer. */
export interface SearchInput extends WorldSize {
  readonly url: string;
  readonly count: number;
}

const [, , text = ''] = process.argv;
const { url, count, orgs, perOrg, bigOrg }: SearchInput = JSON.parse(text);
// Simulates two people who type at the same time.
const pool = new Pool(url, { connections: 2, pipelining: 1 });
const below = numbersBelow(7);

/** Returns a prefix, a part from the middle, or a text in no handle; of one to twelve characters. */
function queryIn(org: number): string {
  const handle = handleAt(org, below(org === 0 ? bigOrg : perOrg));
  const length = 1 + below(12);
  const from = below(Math.max(1, handle.length - length));
  const part = handle.slice(from, from + length);
  return [handle.slice(0, length), part, `${part}q`][below(3)] ?? '';
}

async function ask(org: number): Promise<number> {
  const path = `/v1/source-orgs/${orgName(org)}/handles?query=${encodeURIComponent(queryIn(org))}`;
  const startedAt = performance.now();
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  await body.dump();
  if (statusCode !== 200) throw new Error(`${path} answers ${statusCode}`);
  return performance.now() - startedAt;
}

async function latencies(orgOf: () => number): Promise<ReturnType<typeof latencyFigures>> {
  const all: number[] = [];
  const type = async () => {
    while (all.length < count) all.push(await ask(orgOf()));
  };
  await Promise.all([type(), type()]);
  return latencyFigures(all);
}

const any = () => 1 + below(orgs);
const big = () => 0;
await latencies(() => below(1 + orgs));
const { p50Ms, p99Ms } = await latencies(any);
const { p50Ms: bigOrgP50Ms, p99Ms: bigOrgP99Ms } = await latencies(big);
await pool.close();
process.stdout.write(`${JSON.stringify({ p50Ms, p99Ms, bigOrgP50Ms, bigOrgP99Ms })}\n`);
