import { Pool } from 'undici';

const pools = new Map<string, Pool>();

/**
 * Returns the connection pool for an origin, which all clients in the process share.
 *
 * The number of sockets is not bounded here: callers bound their calls in flight, and with a bound shared by all orgs of a
 * data center, one slow org would delay the others.
 */
export function poolFor(origin: string): Pool {
  const existing = pools.get(origin);
  if (existing) return existing;
  const pool = new Pool(origin, { allowH2: false, pipelining: 1, connect: { timeout: 5000 } });
  pools.set(origin, pool);
  return pool;
}

/** Closes all sockets after the calls in flight have ended, at the latest at their deadlines; a later call opens new sockets. */
export async function closePools(): Promise<void> {
  const closing = [...pools.values()].map((pool) => pool.close());
  pools.clear();
  await Promise.all(closing);
}
