import { Pool } from 'undici';
import { percentile } from '../../harness/statistics.ts';
import { handleAt, handlesOf, numbersBelow, orgName, type WorldSize } from '../world.ts';

/* Asks handle-sync for handles as an autocomplete does, one key stroke after the other, and measures each answer. */
interface SearchInput extends WorldSize {
  readonly url: string;
  readonly count: number;
}

const [, , text = ''] = process.argv;
const { url, count, ...size }: SearchInput = JSON.parse(text);
// Two people type at once.
const pool = new Pool(url, { connections: 2, pipelining: 1 });
const below = numbersBelow(7);

/** Beginnings, then parts from the middle, then what no handle holds; of one to twelve characters. */
function queryIn(org: number): string {
  const handle = handleAt(org, below(handlesOf(size, org)));
  const length = 1 + below(12);
  const from = below(Math.max(1, handle.length - length));
  return (
    [handle.slice(0, length), handle.slice(from, from + length), `${handle.slice(from, from + length)}q`][below(3)] ??
    ''
  );
}

async function ask(org: number): Promise<number> {
  const path = `/v1/source-orgs/${orgName(org)}/handles?query=${encodeURIComponent(queryIn(org))}`;
  const startedAt = performance.now();
  const { statusCode, body } = await pool.request({ path, method: 'GET' });
  await body.dump();
  if (statusCode !== 200) throw new Error(`${path} answers ${statusCode}`);
  return performance.now() - startedAt;
}

async function latencies(orgOf: () => number): Promise<{ p50: number; p99: number }> {
  const all: number[] = [];
  const type = async () => {
    while (all.length < count) all.push(await ask(orgOf()));
  };
  await Promise.all([type(), type()]);
  const sorted = Float64Array.from(all).sort();
  return { p50: percentile(sorted, 0.5), p99: percentile(sorted, 0.99) };
}

const any = () => 1 + below(size.orgs - 1);
const big = () => 0;
await latencies(() => below(size.orgs));
const [anyOrg, bigOrg] = [await latencies(any), await latencies(big)];
await pool.close();
const figures = { p50Ms: anyOrg.p50, p99Ms: anyOrg.p99, bigOrgP50Ms: bigOrg.p50, bigOrgP99Ms: bigOrg.p99 };
process.stdout.write(`${JSON.stringify(figures)}\n`);
