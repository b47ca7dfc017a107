import 'reflect-metadata';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { AccessTokens, Audit } from '@pagebridge/contracts';
import { connect, createDataSource } from '@pagebridge/database';
import type { DataSource } from 'typeorm';
import { anAccessToken } from '../domain/tokens/access-token.fixtures.ts';
import { schema } from '../outbound/persistence/schema.ts';
import { TypeormStore } from '../outbound/persistence/typeorm-store.ts';
import { ownDatabase } from '../service.fixtures.ts';
import { newIntegration } from './integration.ts';
import { IntegrationsService } from './integrations.service.ts';

const database = ownDatabase();
let dataSource: DataSource;
beforeAll(async () => {
  await database.create();
  dataSource = createDataSource({ ...schema, url: database.url, poolSize: 1 });
  await connect(dataSource, database.url, schema);
});
afterAll(async () => {
  await dataSource.destroy();
  await database.drop();
});

const sourceOrg = 'acme-us';
const integration = 'prometheus-eu';

/** The statements that the only connection has executed. */
async function statements(): Promise<number> {
  const [row] = await dataSource.query<{ Value: string }[]>("SHOW SESSION STATUS LIKE 'Questions'");
  return Number(row?.Value);
}

it('the deletion of an integration with a hundred live tokens takes few statements, also in a cluster', async () => {
  const store = new TypeormStore(dataSource, () => undefined);
  const expiresAt = new Date(Date.now() + 3_600_000);
  const ids = Array.from({ length: 100 }, (_, n) => `0199f3a0-0000-7000-8000-${String(n).padStart(12, '0')}`);
  await store.transaction(async (unit) => {
    await unit.integrations.insert(newIntegration(sourceOrg, { name: integration, kind: 'alertmanager' }, new Date()));
    for (const id of ids)
      await unit.tokens.insert(anAccessToken({ id, integration, expiresAt, hash: id.padStart(64, '0') }));
  });
  await dataSource.query('SET SESSION auto_increment_increment = 3');
  const before = await statements();
  const caller = { actor: 'https://login.example.com#ada', onBehalfOf: null, requestId: '' };
  await new IntegrationsService(store, store).delete({ sourceOrg, name: integration, ifMatch: '*' }, caller);
  expect((await statements()) - before).toBeLessThan(20);

  const rows = await database.query<{ id: string; target: string }>(
    "SELECT CAST(id AS CHAR) AS id, target FROM audit_entries WHERE action = 'token.revoked' ORDER BY audit_entries.id",
  );
  expect(rows.map(({ target }) => target)).toEqual(ids);
  const published = await database.query<{ topic: string; key: string; value: Buffer | null }>(
    'SELECT topic, record_key AS `key`, value FROM outbox ORDER BY id',
  );
  const eventsOf = ({ card: { topic } }: { card: { topic: string } }) =>
    published
      .filter((row) => row.topic === topic)
      .map(({ value }) => JSON.parse(String(value)) as { id: string; data: Record<string, unknown> });
  const audited = eventsOf(Audit).filter(({ data }) => data.action === 'token.revoked');
  expect(audited.map(({ id, data }) => [id, data.target])).toEqual(
    rows.map(({ id, target }) => [`audit.${id}`, target]),
  );
  const tokens = eventsOf(AccessTokens).map(({ data }) => [data.tokenId, data.version, data.revokedAt !== undefined]);
  expect(tokens).toEqual(ids.map((id) => [id, 2, true]));
});
