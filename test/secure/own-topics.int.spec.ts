import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cards, orgAlertsGroup, orgAlertTopicOf, SourceOrgs, UnroutedHandles } from '@pagebridge/contracts';
import { createTopics, Publisher, TableView } from '@pagebridge/kafka';
import { claimFolder, freePorts, Processes, sealingKeys, serviceSpec } from '@pagebridge/local-stack';
import { anAlertRecord, waitFor } from '@pagebridge/testing';
import { type Acl, aclsOf, topicDefinitions } from '@pagebridge/topics';
import { login, SecureBroker } from './secure-broker.ts';

const orgs = ['acme', 'globex'] as const;
type Org = (typeof orgs)[number];

describe('the topics that source orgs own, where Kafka wants rights', () => {
  const folder = claimFolder('secure-own-topics');
  const processes = new Processes(folder);
  const acls = aclsOf(cards, orgs);
  let broker: SecureBroker;
  let router = '';
  const settingsOf = (who: string) => broker.settings(broker.sasl, login(who), who);
  const producers = new Map<Org, Publisher>();
  const unrouted = new Set<string>();
  let views: TableView;

  const aclOf = (operation: Acl['operation'], resourceName: string): Acl => {
    const found = acls.find(
      (acl) => acl.who === 'page-routing' && acl.operation === operation && acl.resourceName === resourceName,
    );
    if (!found) throw new Error(`page-routing has no ACL for ${operation} on ${resourceName}`);
    return found;
  };
  const ofGroup = aclOf('Read', orgAlertsGroup);
  const ofGlobex = aclOf('Read', orgAlertTopicOf('globex'));

  beforeAll(async () => {
    const users = new Set(acls.map(({ who }) => who));
    broker = await SecureBroker.start(folder, processes, ['admin', ...users]);
    await broker.allow(...acls.filter((acl) => acl !== ofGroup && acl !== ofGlobex));
    await createTopics(settingsOf('admin'), topicDefinitions(1, orgs));
    await settle();
    views = new TableView(settingsOf('subscribers'), {
      topics: [UnroutedHandles.card.topic],
      onRecord: ({ key }) => void unrouted.add(String(key)),
    });
    await Promise.all([
      startRouter(),
      views.start(),
      ...orgs.map((org) => {
        const producer = new Publisher(settingsOf(`alert-producers-${org}`), { deliveryTimeoutMs: 10_000 });
        producers.set(org, producer);
        return producer.start();
      }),
    ]);
  });
  afterAll(async () => {
    await Promise.all([views.stop(), ...[...producers.values()].map((producer) => producer.close())]);
    await processes.killAll();
  });

  async function settle(): Promise<void> {
    const publisher = new Publisher(settingsOf('connection-management'));
    await publisher.start();
    const attributes = { id: 'spec', source: '/spec', time: new Date().toISOString() };
    const records = orgs.map((sourceOrg) =>
      SourceOrgs.encode(sourceOrg, attributes, { sourceOrg, localHandles: [], alertTopic: 'both', version: 1 }),
    );
    await publisher.publish(records);
    await publisher.close();
  }

  async function startRouter(): Promise<void> {
    const [callers = 0, management = 0] = await freePorts(2);
    router = `http://127.0.0.1:${management}`;
    const infrastructure = { brokers: broker.sasl, databaseUrl: '' };
    const dependencies = { infrastructure, keys: await sealingKeys(folder), dataCenters: [] };
    const spec = serviceSpec('page-routing', dependencies, { callers, management });
    const env = { ...spec.env, ...broker.variables(login('page-routing')) } as Record<string, string>;
    await processes.start({ ...spec, env });
  }

  const publish = (producer: Org, sourceOrg: string, alertKey: string) =>
    producers
      .get(producer)
      ?.publish([
        { ...anAlertRecord({ sourceOrg, alertKey, message: '@oncall-nobody' }), topic: orgAlertTopicOf(sourceOrg) },
      ]);
  /** The org writes to its topic, and its alert is routed. */
  async function routes(org: Org, alertKey: string): Promise<void> {
    await publish(org, org, alertKey);
    await waitFor(`${alertKey} of ${org} to be routed`, () => unrouted.has(`${org}/${alertKey}`), {
      lastSeen: () => unrouted,
    });
  }
  const says = (text: string) =>
    waitFor(`page-routing to say: ${text}`, async () =>
      (await (await fetch(`${router}/health/ready`)).text()).includes(text),
    );

  it('are read once their group may be joined, and until then the group is named', async () => {
    await says(`on group ${orgAlertsGroup}: an ACL is missing`);
    await broker.allow(ofGroup);
    await routes('acme', 'first');
  });

  it('are written by the producers of their org alone', async () => {
    const denied = new RegExp(`Kafka denies \\w+ on topic ${orgAlertTopicOf('globex')}`);
    await expect(publish('acme', 'globex', 'forged')).rejects.toThrow(denied);
  });

  it('are read but for the one that is denied, which is named, and that too once it is granted', async () => {
    const topic = orgAlertTopicOf('globex');
    await says(`${topic} does not exist, or Kafka denies Describe on it`);
    await routes('acme', 'second');
    await broker.allow(ofGlobex);
    await routes('globex', 'first');
    await broker.allow({ ...ofGlobex, operation: 'Describe' });
    await broker.takeAway(ofGlobex);
    await says(`Kafka denies Read on topic ${topic}`);
    await routes('acme', 'third');
  });
});
