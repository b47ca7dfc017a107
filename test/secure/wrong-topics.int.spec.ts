import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessTokenUses, Alerts, Audit, cards, Handles, PageStates, SyncRequests } from '@pagebridge/contracts';
import { createTopics, Publisher } from '@pagebridge/kafka';
import { claimFolder, freePorts, kafkaJars, Processes, sealingKeys, serviceSpec } from '@pagebridge/local-stack';
import { anAlertRecord } from '@pagebridge/testing';
import { aclsOf, topicDefinitions } from '@pagebridge/topics';
import { login, SecureBroker } from './secure-broker.ts';

const root = join(import.meta.dirname, '../..');
const [alerts, audit, handles, states, uses] = [Alerts, Audit, Handles, PageStates, AccessTokenUses].map(
  ({ card }) => card.topic,
) as [string, string, string, string, string];

/** What these topics have instead of what their cards say. */
const wrong: Readonly<Record<string, { readonly partitions?: number; readonly config?: Record<string, string> }>> = {
  [handles]: { config: { 'cleanup.policy': 'delete' } },
  [states]: { config: { 'cleanup.policy': 'compact,delete' } },
  [alerts]: { config: { 'message.timestamp.type': 'CreateTime', 'retention.ms': '3600000' } },
  [audit]: { partitions: 6 },
  [uses]: { partitions: 6 },
  [`${SyncRequests.card.topic}.dead`]: { partitions: 1 },
};

describe('topics that are not as their cards say', () => {
  const folder = claimFolder('wrong-topics');
  const processes = new Processes(folder);
  const acls = aclsOf(cards);
  let broker: SecureBroker;
  beforeAll(async () => {
    broker = await SecureBroker.start(folder, processes, ['admin', ...new Set(acls.map(({ who }) => who))]);
    await broker.allow(...acls);
    const admin = broker.settings(broker.sasl, login('admin'));
    const definitions = topicDefinitions(1).map(({ topic, partitions, config }) => {
      const own = wrong[topic];
      return { topic, partitions: own?.partitions ?? partitions, config: { ...config, ...own?.config } };
    });
    // A few at a time, since a busy machine takes long until so many partitions have leaders.
    for (let at = 0; at < definitions.length; at += 4) await createTopics(admin, definitions.slice(at, at + 4));
    const publisher = new Publisher(admin);
    await publisher.start();
    await publisher.publish([{ ...anAlertRecord({}), topic: audit }]);
    await publisher.close();
  });
  afterAll(() => processes.killAll());

  /** Runs `pagebridge topics create` with the rights that it needs. */
  async function topics(...args: readonly string[]) {
    const env = { KAFKA_BROKERS: broker.sasl, ...broker.variables(login('topics')) } as Record<string, string>;
    const line = [join(root, 'apps/cli/dist/main.js'), 'topics', 'create', ...args];
    const run = promisify(execFile)(process.execPath, line, { env }).then(
      ({ stdout }) => ({ code: 0, stdout }),
      ({ code, stdout }: { code: number; stdout: string }) => ({ code, stdout }),
    );
    const { code, stdout } = await run;
    return { code, ...(JSON.parse(stdout) as { readonly wrong: string[]; readonly warnings: string[] }) };
  }

  /** Starts a service; returns the log of this start once it is ready; rejects with it if the service refuses to start. */
  async function start(name: 'page-routing' | 'page-delivery') {
    const [callers = 0, management = 0] = await freePorts(2);
    const infrastructure = { brokers: broker.sasl, databaseUrl: '' };
    const dependencies = { infrastructure, keys: await sealingKeys(folder), dataCenters: [] };
    const spec = serviceSpec(name, dependencies, { callers, management });
    const env = { ...spec.env, ...broker.variables(login(name)) } as Record<string, string>;
    const running = await processes.start({ ...spec, env });
    await running.stop();
    const log = readFileSync(running.logFile, 'utf8');
    return log.slice(log.lastIndexOf('"message":"listening"'));
  }

  /** Runs the command of a cure with the tool of Kafka that it names. */
  async function cure(text: string): Promise<void> {
    const [, args = ''] = /run kafka-configs\.sh (.*?);/.exec(text) ?? [];
    const known = args.replace('$KAFKA_BROKERS', broker.plaintext).replace('--command-config $KAFKA_ADMIN_CONFIG ', '');
    const tool = ['-cp', `${await kafkaJars(processes)}/*`, 'kafka.admin.ConfigCommand', ...known.split(' ')];
    await promisify(execFile)('java', tool);
  }

  it('are refused by `pagebridge topics create` if records or their order are lost, and else worth a warning', async () => {
    const { code, ...told } = await topics();
    expect(code).toBe(1);
    expect(told.wrong.toSorted()).toEqual([
      expect.stringMatching(
        `^${uses} has 6 partitions instead of 12: records of a key would not stay in order; if it has no records`,
      ),
      expect.stringMatching(`^${audit} has 6 partitions instead of 12: records of a key would not stay in order; `),
      expect.stringMatching(`^${handles} has cleanup.policy=delete instead of compact: the topic deletes keys`),
      expect.stringMatching(`^${states} has cleanup.policy=compact,delete instead of compact: the topic deletes keys`),
    ]);
    expect(told.warnings.toSorted()).toEqual([
      expect.stringMatching(`^${alerts} has message.timestamp.type=CreateTime instead of LogAppendTime: `),
      expect.stringMatching(`^${alerts} has retention.ms=3600000 instead of 604800000: `),
    ]);
  });

  it('stop a check before an operator adds partitions, but only those that have records', async () => {
    expect(await topics('--check')).toEqual({
      code: 1,
      wrong: [expect.stringMatching(`^${audit} has 6 partitions`)],
      warnings: [],
    });
  });

  it('keep page-routing and page-delivery from starting, until the cure that each names', async () => {
    const refusals = await Promise.all(
      (['page-routing', 'page-delivery'] as const).map((name) => start(name).catch(({ message }: Error) => message)),
    );
    expect(refusals).toEqual([
      expect.stringContaining(`${handles} has cleanup.policy=delete instead of compact`),
      expect.stringContaining(`${states} has cleanup.policy=compact,delete instead of compact`),
    ]);
    const { wrong: cures } = await topics();
    await Promise.all(cures.filter((text) => text.includes('cleanup.policy')).map(cure));
    const [routing, delivery] = await Promise.all([start('page-routing'), start('page-delivery')]);
    expect(routing).toContain(`${alerts} has message.timestamp.type=CreateTime`);
    expect(delivery).not.toContain(' instead of ');
  });

  it('are not compared without the right to describe them: the service starts, and names the right', async () => {
    await broker.takeAway(
      ...acls.filter(({ who, operation }) => who === 'page-delivery' && operation === 'DescribeConfigs'),
    );
    const log = await start('page-delivery');
    expect(log).toMatch(/Kafka denies DescribeConfigs on topic [^:]*paging\.page-states\.v1[^:]*: an ACL is missing/);
    expect(log).toContain('"notCompared":"cleanup.policy, message.timestamp.type, retention.ms"');
  });
});
