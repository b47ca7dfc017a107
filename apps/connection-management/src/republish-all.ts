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
/** Whoever may write to the database may run it: that is all that is known of them. */
const actor = actorOf({ issuer: ownIssuer, subject: 'republish' });

/**
 * Queues every connection, API token and source org for Kafka again, says how far it is, and waits until Kafka has them.
 *
 * A running connection-management publishes what is queued. Ending this in between loses nothing.
 */
export async function republishAll(
  place: DatabasePlace,
  onBehalfOf: string | null,
  say: (line: string) => void,
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
    let toldAt = performance.now();
    await new Republish(store, systemClock).run(
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
    await untilPublished(new MysqlOutbox(dataSource), say);
  } finally {
    await dataSource.destroy();
  }
}

async function untilPublished(outbox: MysqlOutbox, say: (line: string) => void): Promise<void> {
  let toldAt = performance.now();
  for (let left = await leftIn(outbox); left > 0; left = await leftIn(outbox)) {
    if (performance.now() - toldAt >= tellEveryMs) {
      toldAt = performance.now();
      say(`${left} events are not in Kafka yet; a running connection-management publishes them`);
    }
    await sleep(200);
  }
  say('Kafka has them all');
}

const leftIn = async (outbox: MysqlOutbox): Promise<number> => (await outbox.backlog()).records;
