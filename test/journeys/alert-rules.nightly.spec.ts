import { afterAll, beforeAll, it } from '@jest/globals';
import { Alerts, Connections, PageCommands } from '@pagebridge/contracts';
import {
  call,
  claimFolder,
  Driver,
  javaPath,
  kafkaJars,
  Processes,
  Progress,
  Stack,
  startKafkaCluster,
} from '@pagebridge/local-stack';
import { unlimited } from '@pagebridge/testing';
import { describeWith } from '../harness/describe-with.ts';
import { RuleWatch } from '../harness/rule-watch.ts';
import { SourceOrg } from '../harness/source-org.ts';
import { Tenant } from '../harness/tenant.ts';

/* Each fault of a running stack, as a real Prometheus sees it. Times are twenty times shorter than in production. */
const folder = claimFolder('alert-rules-kafka');
const brokers = new Processes(folder);
let stack: Stack;
const watch = new RuleWatch(20);
let driver: Driver;
let acme: SourceOrg;
let connectionId: string;

beforeAll(async () => {
  const kafka = await startKafkaCluster(folder, brokers);
  stack = new Stack({
    name: 'alert-rules',
    progress: new Progress(),
    given: { brokers: kafka.brokers, isPrivate: true },
    env: { 'connection-management': unlimited },
  });
  const info = await stack.start();
  // With two of three brokers, a topic that requires three replicas takes no records.
  await kafka.nodes[2]?.stop();
  driver = new Driver(info, 'olga');
  await driver.open();
  acme = new SourceOrg('acme-us', driver);
  connectionId = await acme.connect(driver.destination('initech-ap'));
  await watch.start(stack, info);
}, 300_000);
afterAll(async () => {
  await driver?.close();
  await stack?.kill();
  await brokers.killAll();
});

/** With 3, the brokers refuse all writes to the topic. */
const setMinInsyncReplicas = async (topic: string, replicas: 2 | 3) =>
  stack.processes.run({
    name: 'kafka-configs',
    command: javaPath() ?? 'java',
    args: [
      ...['-cp', `${await kafkaJars(stack.processes)}/*`, 'kafka.admin.ConfigCommand'],
      ...[
        '--bootstrap-server',
        driver.info.brokers.split(',')[0] ?? '',
        '--alter',
        '--entity-type',
        'topics',
        '--entity-name',
        topic,
      ],
      ...['--add-config', `min.insync.replicas=${replicas}`],
    ],
  });

const running = (name: string) => {
  const found = stack.processes.running.find(({ spec }) => spec.name === name);
  if (!found) throw new Error(`no ${name} in this stack`);
  return found;
};

describeWith('prometheus')(
  'in a real Prometheus, these alerts and no others fire, once, and end with their cause:',
  () => {
    it('PageWaits, for a destination that hangs', async () => {
      const initech = driver.destination('initech-ap');
      await watch.expectOnce([`PageWaits critical ${connectionId}`], {
        begin: async () => {
          await driver.sandbox(initech).switchOn({ match: { listener: 'paging' }, fault: { kind: 'hang' } });
          await acme.alert({ message: '@oncall-network' });
        },
        end: () => driver.sandbox(initech).recover(),
      });
    });

    it('PathLags, for page-routing that cannot write', async () => {
      const lagging = ['page-routing', Alerts.card.topic].join(' ');
      await watch.expectOnce(
        [`DoesNotKeepUp warning ${lagging}`, `PathLags critical ${lagging}`, 'NotReady critical page-routing'],
        {
          begin: async () => {
            await setMinInsyncReplicas(PageCommands.card.topic, 3);
            await acme.alert({ message: '@oncall-network' });
          },
          end: () => setMinInsyncReplicas(PageCommands.card.topic, 2),
        },
      );
    });

    it('IntakeWaits and IntakeFails, for alerts over HTTP that Kafka does not take', async () => {
      const { services, intake } = driver.info;
      let isBroken = true;
      const send = async (): Promise<void> => {
        if (!isBroken) return;
        const alert = {
          key: crypto.randomUUID(),
          status: 'firing',
          title: 'Payments fail',
          message: '@oncall-network',
        };
        const authorization = `Bearer ${intake?.token}`;
        await call('POST', `${services.alertIntake}/v1/intake/alerts`, alert, { authorization });
        await send();
      };
      let sending: Promise<void>;
      await watch.expectOnce(['IntakeWaits critical alert-intake', 'IntakeFails critical alert-intake'], {
        begin: async () => {
          await setMinInsyncReplicas(Alerts.card.topic, 3);
          sending = send();
        },
        end: async () => {
          isBroken = false;
          await setMinInsyncReplicas(Alerts.card.topic, 2);
          await sending;
        },
      });
    });

    it('NotReady as a warning, for MySQL that is away', async () => {
      const mariadb = running('mariadb');
      await watch.expectOnce(['NotReady warning connection-management'], {
        begin: () => mariadb.stop(),
        end: () => stack.processes.start(mariadb.spec),
      });
    });

    it('CredentialRefused for a second tenant, beside that of a first', async () => {
      const first = await Tenant.connect('first-tenant', driver, driver.destination('globex-eu'));
      const second = await Tenant.connect('second-tenant', driver, driver.destination('globex-eu'));
      await watch.expectOnce(
        [first, second].flatMap(({ connectionId }) => [
          `CredentialRefused warning page-delivery ${connectionId}`,
          `SyncCredentialRefused warning handle-sync ${connectionId}`,
          `PageWaits critical ${connectionId}`,
        ]),
        {
          begin: async () => {
            await first.revokeKey();
            await watch.fires(`CredentialRefused warning page-delivery ${first.connectionId}`);
            await second.revokeKey();
          },
          end: () => Promise.all([first.replaceKey(), second.replaceKey()]),
        },
      );
    });

    it('TableRecordsUnreadable, for a connection that is then saved again', async () => {
      const tenant = await Tenant.connect('third-tenant', driver, driver.destination('globex-eu'));
      const { topic } = Connections.card;
      const readers = [
        ...['page-delivery', 'page-routing'].map((service) => `critical ${service}`),
        ...['connection-management', 'handle-sync', 'page-history'].map((service) => `warning ${service}`),
      ];
      await watch.expectOnce(
        readers.map((reader) => `TableRecordsUnreadable ${reader} ${topic}`),
        {
          begin: () => tenant.writeUnreadable(),
          end: () => tenant.rename('Globex again'),
        },
      );
    });
  },
);
