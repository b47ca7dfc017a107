import { Pool } from 'undici';

const pools = new Map<string, Pool>();

/**
 * The sockets to one origin, shared by every client of the process.
 *
 * The number of sockets has no bound here: callers bound what they have in flight, and a bound shared by all orgs of a
 * data center would let one slow org delay the others.
 */
export function poolFor(origin: string): Pool {
  const existing = pools.get(origin);
  if (existing) return existing;
  const pool = new Pool(origin, { allowH2: false, pipelining: 1, connect: { timeout: 5000 } });
  pools.set(origin, pool);
  return pool;
}

/** Closes all sockets once what is in flight has ended, at the latest at its deadline; a later call opens new ones. */
export async function closePools(): Promise<void> {
  const closing = [...pools.values()].map((pool) => pool.close());
  pools.clear();
  await Promise.all(closing);
}
