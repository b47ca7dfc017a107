import { setTimeout as sleep } from 'node:timers/promises';
import { actorOf, ownIssuer } from '@pagebridge/access';
import { systemClock } from '@pagebridge/service';
import { v7 as uuidv7 } from 'uuid';
import { Republish } from './application/source-orgs/republish.use-case.ts';
import { MysqlOutbox } from './outbound/outbox/mysql-outbox.ts';
import { createDataSource, type DatabasePlace } from './outbound/persistence/data-source.ts';
import { connect, requireMigrations } from './outbound/persistence/database.ts';
import { TypeormStore } from './outbound/persistence/typeorm-store.ts';

const tellEveryMs = 2000;
/** A relay publishes so many in a moment: for no longer does the revocation of a token wait behind them. */
const mostWaiting = 500;
/** Whoever may write to the database may run it: that is all that is known of them. */
const actor = actorOf({ issuer: ownIssuer, subject: 'republish' });

/**
 * Queues every connection, API token and source org for Kafka again, says how far it is, and waits until Kafka has them.
 *
 * A running connection-management publishes what is queued; no more than a few hundred wait for it at once, and behind them the
 * changes of others. Ending this in between loses nothing.
 */
export async function republishAll(
  place: DatabasePlace,
  onBehalfOf: string | null,
  say: (line: string) => void,
  most = mostWaiting,
): Promise<void> {
  const { url } = place;
  const dataSource = createDataSource({ ...place, poolSize: 2 });
  await connect(dataSource, url);
  try {
    await requireMigrations(dataSource, url);
    const counts = { sourceOrgs: 0, connections: 0, tokens: 0 };
    const queued = () =>
      `${counts.connections} connections and ${counts.tokens} API tokens of ${counts.sourceOrgs} source orgs`;
    const store = new TypeormStore(dataSource, () => undefined);
    const outbox = new MysqlOutbox(dataSource);
    let toldAt = performance.now();
    await new Republish(store, systemClock, () => untilAtMost(most, outbox, say)).run(
      { actor, onBehalfOf, requestId: uuidv7() },
      (sourceOrg, { connections, tokens }) => {
        counts.sourceOrgs += 1;
        counts.connections += connections;
        counts.tokens += tokens;
        if (performance.now() - toldAt < tellEveryMs) return;
        toldAt = performance.now();
        say(`queued ${queued()}, up to ${sourceOrg}`);
      },
    );
    say(`queued all: ${queued()}`);
    await untilAtMost(0, outbox, say);
    say('Kafka has them all');
  } finally {
    await dataSource.destroy();
  }
}

async function untilAtMost(most: number, outbox: MysqlOutbox, say: (line: string) => void): Promise<void> {
  let toldAt = performance.now();
  for (let left = await leftIn(outbox); left > most; left = await leftIn(outbox)) {
    if (performance.now() - toldAt >= tellEveryMs) {
      toldAt = performance.now();
      say(`${left} events are not in Kafka yet; a running connection-management publishes them`);
    }
    await sleep(200);
  }
}

const leftIn = async (outbox: MysqlOutbox): Promise<number> => (await outbox.backlog()).records;
