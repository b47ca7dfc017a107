import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { type OutgoingRecord, orgAlertTopicOf, SourceOrgs } from '@pagebridge/contracts';
import { done, LogLimiter, securityOf } from '@pagebridge/kafka';
import { AlertTopics } from '@pagebridge/routing';
import { Health, steadyClock } from '@pagebridge/service';
import { aConnection, aHandle, anAlertRecord, testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { OrgTopics } from './outbound/org-topics.ts';
import { Bus, startRouter } from './page-routing.fixtures.ts';

const bus = new Bus();
const group = uniqueName('org-topics-spec');
const orgs: string[] = [];
let router: NestExpressApplication;
let org: string;

beforeAll(async () => {
  await bus.start();
  await bus.moveToEnd(group);
  router = await startRouter(group);
});
afterAll(async () => {
  await router?.close();
  // So that other routers on this Kafka do not read these topics.
  await bus.write(...orgs.map((each) => SourceOrgs.tombstone(each)));
  await bus.stop();
});
beforeEach(async () => {
  org = uniqueName('owner');
  orgs.push(org);
  await connect(org);
});
afterEach(async () => {
  await bus.publishSettings(org, { alertTopic: 'shared', version: 9 });
});

const connect = async (sourceOrg: string) => {
  const directory = `EU1/${sourceOrg}/account-1`;
  await bus.publishHandles(aHandle({ directory, teamHandle: 'core-infra' }));
  await bus.publishConnection(aConnection({ sourceOrg, directory }));
};
const shared = (its = {}): OutgoingRecord => anAlertRecord({ sourceOrg: org, ...its });
const own = (its = {}): OutgoingRecord => ({ ...shared(its), topic: orgAlertTopicOf(org) });
const pagesOf = (sourceOrg = org) =>
  bus.commands(sourceOrg).flatMap(({ data }) => (data.kind === 'page' ? [data] : []));
const reasonsOf = (key: string) => bus.deadLetters(key).map(({ headers }) => String(headers['x-dlq-reason']));

/** Ten seconds, as documented, with room for a busy machine. */
const soon = { withinMs: 30_000 };

/** Creates the topic of the org, configures it, and waits until its alerts are read. */
async function startReading(): Promise<void> {
  await bus.createTopicOf(org);
  await bus.publishSettings(org, { alertTopic: 'both', version: 1 });
  await bus.write(own({ alertKey: 'first' }));
  await waitFor('a page of the own topic', () => pagesOf().length > 0, soon);
}

it('reads the topic of an org soon, without a restart, and keeps reading the shared one', async () => {
  await startReading();
  let isOver = false;
  let paged = 0;
  const another = uniqueName('owner');
  orgs.push(another);
  const loading = (async () => {
    for (; !isOver; paged += 1) {
      const alertKey = `load-${paged}`;
      await bus.write(shared({ alertKey }));
      await waitFor('its page', () => pagesOf().some((page) => page.alertKey === alertKey), soon);
    }
  })();
  // Another org is added meanwhile, so the consumer of own topics is replaced.
  await bus.createTopicOf(another);
  await connect(another);
  await bus.publishSettings(another, { alertTopic: 'both', version: 1 });
  await bus.write({ ...anAlertRecord({ sourceOrg: another }), topic: orgAlertTopicOf(another) });
  await waitFor('a page of the other', () => pagesOf(another).length > 0);
  isOver = true;
  await loading;
  expect(paged).toBeGreaterThan(1);
  await bus.publishSettings(another, { alertTopic: 'shared', version: 2 });
});

it('reads every partition with two instances, which read the setting one after the other', async () => {
  const second = await startRouter(group);
  try {
    await bus.createTopicOf(org);
    await bus.publishSettings(org, { alertTopic: 'both', version: 1 });
    const partitions = Array.from({ length: 12 }, (_, partition) => partition);
    await bus.write(...partitions.map((partition) => ({ ...own({ alertKey: `k${partition}` }), partition })));
    const keys = () => new Set(pagesOf().map(({ alertKey }) => alertKey));
    await waitFor('a page of each partition', () => keys().size === 12, { lastSeen: keys });
  } finally {
    await second.close();
  }
});

it('waits for a topic that does not exist, and reads the others meanwhile', async () => {
  const absent = uniqueName('owner');
  orgs.push(absent);
  await connect(absent);
  await bus.publishSettings(absent, { alertTopic: 'both', version: 1 });
  await startReading();
  await bus.createTopicOf(absent);
  await bus.write({ ...anAlertRecord({ sourceOrg: absent }), topic: orgAlertTopicOf(absent) });
  await waitFor('a page of the other', () => pagesOf(absent).length > 0);
  await bus.publishSettings(absent, { alertTopic: 'shared', version: 2 });
});

it('counts a topic that it does not read, and shows it as a detail while it is ready', async () => {
  const unread = async () => {
    const metrics = await router.get(Registry, { strict: false }).metrics();
    return Number(/^pagebridge_org_topics_unread\{.*\} (\d+)$/m.exec(metrics)?.[1]);
  };
  const report = () => router.get(Health, { strict: false }).report('ready');
  const detail = () => report().checks['org-alerts']?.detail ?? '';
  const isLeftOut = () => detail().includes(`not read: ${orgAlertTopicOf(org)}: `);
  // Specs of other services may leave orgs whose topics are not there.
  const isCounted = async () => (await unread()) === detail().split('; not read: ').length - 1;
  await bus.publishSettings(org, { alertTopic: 'both', version: 1 });
  await waitFor('the detail', isLeftOut, { lastSeen: detail });
  // The consumer may still be leaving the topic of the test before.
  await waitFor('its count', isCounted, { lastSeen: detail });
  expect(report().ok).toBe(true);
  await bus.createTopicOf(org);
  await waitFor('it to be read', async () => !isLeftOut() && (await isCounted()), { lastSeen: detail });
});

/** Reads the topic of the org until the log has said twice that it is left out, and returns what the log said. */
async function saidWhileLeftOut(): Promise<string> {
  const lines: string[] = [];
  const quiet = () => undefined;
  const error = (...line: unknown[]) => void lines.push(JSON.stringify(line));
  const log = { debug: quiet, info: quiet, warn: quiet, error };
  const settings = { brokers: testBrokers(), clientId: uniqueName('left-out'), security: securityOf(process.env), log };
  const topics = new AlertTopics();
  topics.apply(org, { sourceOrg: org, localHandles: [], alertTopic: 'own', version: 1 });
  const often = new LogLimiter(quiet, { lines: 1, windowMs: 100 });
  const reader = new OrgTopics(settings, topics, steadyClock, uniqueName('left-out'), often);
  reader.start({ handler: async () => done });
  try {
    await waitFor('a second line', () => lines.length > 1, { lastSeen: () => lines });
    expect(new Set(lines).size).toBe(1);
    return lines[0] ?? '';
  } finally {
    await reader.stop();
  }
}

it('repeats in the log that a topic does not exist, and how to create it', async () => {
  const said = await saidWhileLeftOut();
  expect(said).toContain(`${orgAlertTopicOf(org)} does not exist`);
  expect(said).toContain('create');
});

it('repeats in the log that a topic has too many partitions, and that it has to be deleted first', async () => {
  await bus.createTopicOf(org, { partitions: 13 });
  const said = await saidWhileLeftOut();
  expect(said).toContain('the topic has 13 partitions instead of 12');
  expect(said).toContain('delete and recreate the topic');
  expect(said).not.toContain('acls');
});

it('makes one page id for an event that is on both topics', async () => {
  await startReading();
  const event = shared({ alertKey: 'twice' });
  await bus.write(event, { ...event, topic: orgAlertTopicOf(org) });
  const pages = () => pagesOf().filter(({ alertKey }) => alertKey === 'twice');
  await waitFor('a command of each', () => pages().length >= 2);
  expect(new Set(pages().map(({ pageId }) => pageId)).size).toBe(1);
});

it('refuses an alert of another org on the topic of an org, whatever its key is', async () => {
  await startReading();
  const victim = uniqueName('victim');
  await connect(victim);
  const key = `${org}/${uniqueName('forged')}`;
  await bus.write({ ...own({ sourceOrg: victim }), key }, own({ alertKey: 'after' }));
  await waitFor('the dead letter', () => reasonsOf(key).length > 0);
  await waitFor('the page after it', () => pagesOf().some(({ alertKey }) => alertKey === 'after'));
  expect(new Set(reasonsOf(key))).toEqual(new Set(['foreign-source-org']));
  expect(bus.commands(victim)).toEqual([]);
});

it('refuses an alert that was written to the shared topic after its org had only its own topic', async () => {
  await startReading();
  await bus.publishSettings(org, { alertTopic: 'own', version: 2 });
  const refused = () => bus.deadLetters(`${org}/late`).length;
  await waitFor('a refusal', async () => {
    await bus.write(shared({ alertKey: 'late' }));
    return waitFor('it', () => refused() > 0, { withinMs: 300 });
  });
  expect(reasonsOf(`${org}/late`)[0]).toBe('not-its-topic');
  await bus.write(own({ alertKey: 'meant' }));
  await waitFor('its page', () => pagesOf().some(({ alertKey }) => alertKey === 'meant'));
});

it('keeps trigger and recovery in order, and pages no handle late whose recovery was on the other topic', async () => {
  await startReading();
  await bus.write(
    ...Array.from({ length: 20 }, (_, i) => [
      own({ alertKey: `k${i}` }),
      own({ alertKey: `k${i}`, transition: 'recovered' }),
    ]).flat(),
  );
  const kindsOf = (key: string) => bus.commands(org).flatMap(({ data }) => (data.alertKey === key ? [data.kind] : []));
  await waitFor('every recovery', () => bus.commands(org).length === 41);
  for (let i = 0; i < 20; i += 1) expect(kindsOf(`k${i}`)).toEqual(['page', 'resolve']);

  const late = { alertKey: 'waits', message: '@oncall-newcomer' };
  await bus.write(shared(late), own({ alertKey: 'still', message: '@oncall-newcomer' }));
  await waitFor('two that wait', () => bus.unrouted(org).length === 2);
  await bus.write(own({ ...late, transition: 'recovered' }));
  await waitFor('its recovery', () => kindsOf('waits').includes('resolve'));
  await bus.publishHandles(aHandle({ directory: `EU1/${org}/account-1`, teamId: 'newcomer', teamHandle: 'newcomer' }));
  await waitFor('the late page of the other', () => kindsOf('still').length === 1);
  await bus.write(shared({ alertKey: 'waits', message: '@oncall-core-infra' }));
  await waitFor('a prompt page', () => kindsOf('waits').length === 2);
  expect(kindsOf('waits')).toEqual(['resolve', 'page']);
});
