import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { cards, UnroutedHandles } from '@pagebridge/contracts';
import { createTopics, Publisher, TableView } from '@pagebridge/kafka';
import {
  aclsOf,
  claimFolder,
  freePorts,
  migrate,
  Processes,
  type ServiceName,
  sealingKeys,
  serviceNames,
  serviceSpec,
  startMariaDb,
  topicDefinitions,
} from '@pagebridge/local-stack';
import { anAlertRecord, waitFor } from '@pagebridge/testing';
import { login, SecureBroker } from './secure-broker.ts';

// A busy machine is no failure; each wait has its own limit.
jest.setTimeout(120_000);

describe('with the ACLs of `npm run acls` and no others', () => {
  const folder = claimFolder('least-rights');
  const processes = new Processes(folder);
  let broker: SecureBroker;
  const settingsOf = (who: string) => broker.settings(broker.sasl, login(who), who);
  const acls = aclsOf(cards);

  beforeAll(async () => {
    const users = new Set(acls.map(({ who }) => who));
    const [database] = await Promise.all([
      startMariaDb(folder, processes),
      SecureBroker.start(folder, processes, ['admin', ...users]).then((started) => {
        broker = started;
      }),
    ]);
    await broker.allow(...acls);
    await Promise.all([
      createTopics(settingsOf('topics'), topicDefinitions(1)),
      migrate(processes, database.databaseUrl),
    ]);
    const infrastructure = { brokers: broker.sasl, databaseUrl: database.databaseUrl };
    const surroundings = { infrastructure, keys: await sealingKeys(folder), dataCenters: [] };
    const start = async (name: ServiceName) => {
      const [callers = 0, management = 0] = await freePorts(2);
      const spec = serviceSpec(name, surroundings, { callers, management });
      await processes.start({
        ...spec,
        env: { ...spec.env, ...broker.variables(login(name)) } as Record<string, string>,
      });
    };
    await Promise.all(serviceNames.map(start));
  });
  afterAll(() => processes.killAll());

  it('every service is ready, and an alert goes through them to who subscribes', async () => {
    const alert = anAlertRecord({ message: 'Nobody is @oncall-nobody' });
    const publisher = new Publisher(settingsOf('alert-producers'));
    await publisher.start();
    await publisher.publish([alert]);
    const seen: string[] = [];
    const view = new TableView(settingsOf('subscribers'), {
      topics: [UnroutedHandles.card.topic],
      onRecord: ({ value }) => seen.push(String(value)),
    });
    await view.start();
    await waitFor('the handle to be unrouted', () => seen.some((value) => value.includes('nobody')));
    await Promise.all([view.stop(), publisher.close()]);
  });
});
