import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { cards, UnroutedHandles } from '@pagebridge/contracts';
import { createTopics, Publisher, requireRights, TableView, type TopicRight } from '@pagebridge/kafka';
import {
  claimFolder,
  freePorts,
  migrate,
  type PrivateMariaDb,
  Processes,
  type ServiceName,
  sealingKeys,
  serviceNames,
  serviceSpec,
  startMariaDb,
} from '@pagebridge/local-stack';
import { anAlertRecord, waitFor } from '@pagebridge/testing';
import { type Acl, aclsOf, topicDefinitions } from '@pagebridge/topics';
import { login, SecureBroker } from './secure-broker.ts';

// A busy machine is no failure; each wait has its own limit.
jest.setTimeout(120_000);

describe('with the ACLs of `npm run acls` and no others', () => {
  const folder = claimFolder('least-rights');
  const processes = new Processes(folder);
  let broker: SecureBroker;
  let database: PrivateMariaDb;
  const settingsOf = (who: string) => broker.settings(broker.sasl, login(who), who);
  const acls = aclsOf(cards);

  beforeAll(async () => {
    const users = new Set(acls.map(({ who }) => who));
    [database] = await Promise.all([
      startMariaDb(folder, processes),
      SecureBroker.start(folder, processes, ['admin', ...users]).then((started) => {
        broker = started;
      }),
    ]);
    await broker.allow(...acls);
    await Promise.all([createTopics(settingsOf('topics'), topicDefinitions(1)), migrate(processes, database)]);
  });
  afterAll(() => processes.killAll());

  it('no right on a topic may be missing: without it a start ends with its name', async () => {
    const isOnTopic = (acl: Acl) =>
      acl.resourceType === 'topic' && (acl.operation === 'Read' || acl.operation === 'Write');
    const byName = Object.groupBy(acls.filter(isOnTopic), ({ who }) => who);
    const takeInTurn = async ([who, lines = []]: [string, Acl[] | undefined]) => {
      for (const acl of lines) {
        const { operation, resourceName } = acl;
        const start = () => requireRights(settingsOf(who), { [resourceName]: [operation as TopicRight] });
        await broker.takeAway(acl);
        await waitFor(`${who} to lack ${operation} on ${resourceName}`, async () => {
          await expect(start()).rejects.toThrow(`Kafka denies ${operation} on topic ${resourceName}`);
          return true;
        });
        await broker.allow(acl);
        await waitFor('it to be there again', () => start().then(() => true));
      }
    };
    await Promise.all(Object.entries(byName).map(takeInTurn));
  });

  it('every service is ready, and an alert goes through them to who subscribes', async () => {
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
