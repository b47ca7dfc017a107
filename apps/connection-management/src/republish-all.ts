import { setTimeout as sleep } from 'node:timers/promises';
import { actorOf, ownIssuer } from '@pagebridge/access';
import { connect, createDataSource, type DatabasePlace, requireMigrations } from '@pagebridge/database';
import { systemClock } from '@pagebridge/service';
import { v7 as uuidv7 } from 'uuid';
import { Republish } from './application/source-orgs/republish.use-case.ts';
import { MysqlOutbox } from './outbound/outbox/mysql-outbox.ts';
import { schema } from './outbound/persistence/schema.ts';
import { TypeormStore } from './outbound/persistence/typeorm-store.ts';

const reportEveryMs = 2000;
/** The relay publishes this many in a moment, so the revocation of a token waits behind them only that long. */
const maxWaiting = 500;
/** Anyone who may write to the database can run the program, and nothing more is known of them. */
const actor = actorOf({ issuer: ownIssuer, subject: 'republish' });

/**
 * Queues every connection, API token, integration and source org for Kafka again, prints the progress, and waits until Kafka has them.
 *
 * A running connection-management publishes the events. At most a few hundred wait at once, and changes by others wait behind
 * them. Interrupting the program loses nothing.
 */
export async function republishAll(
  place: DatabasePlace,
  onBehalfOf: string | null,
  say: (line: string) => void,
  most = maxWaiting,
): Promise<void> {
  const { url } = place;
  const dataSource = createDataSource({ ...schema, ...place, poolSize: 2 });
  await connect(dataSource, url, schema);
  try {
    await requireMigrations(dataSource, url, schema);
    const counts = { sourceOrgs: 0, connections: 0, tokens: 0, integrations: 0 };
    const queued = () =>
      `${counts.connections} connections, ${counts.tokens} API tokens and ${counts.integrations} integrations of ${counts.sourceOrgs} source orgs`;
    const store = new TypeormStore(dataSource, () => undefined);
    const outbox = new MysqlOutbox(dataSource);
    let reportedAt = performance.now();
    await new Republish(store, systemClock, () => untilAtMost(most, outbox, say)).run(
      { actor, onBehalfOf, requestId: uuidv7() },
      (sourceOrg, { connections, tokens, integrations }) => {
        counts.sourceOrgs += 1;
        counts.connections += connections;
        counts.tokens += tokens;
        counts.integrations += integrations;
        if (performance.now() - reportedAt < reportEveryMs) return;
        reportedAt = performance.now();
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
  let reportedAt = performance.now();
  for (let left = await leftIn(outbox); left > most; left = await leftIn(outbox)) {
    if (performance.now() - reportedAt >= reportEveryMs) {
      reportedAt = performance.now();
      say(`${left} events are not in Kafka yet; a running connection-management publishes them`);
    }
    await sleep(200);
  }
}

const leftIn = async (outbox: MysqlOutbox): Promise<number> => (await outbox.backlog()).records;
