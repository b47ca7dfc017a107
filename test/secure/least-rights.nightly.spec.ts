import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cards, UnroutedHandles } from '@pagebridge/contracts';
import { Publisher, TableView } from '@pagebridge/kafka';
import {
  claimFolder,
  freePorts,
  migrate,
  type PrivateMariaDb,
  Processes,
  root,
  type ServiceName,
  sealingKeys,
  serviceNames,
  serviceSpec,
  startMariaDb,
} from '@pagebridge/local-stack';
import { anAlertRecord, waitFor } from '@pagebridge/testing';
import { aclsOf } from '@pagebridge/topics';
import { denialsOf, kindOf, namesOf, type Principal } from './denials.ts';
import { login, SecureBroker } from './secure-broker.ts';

describe('with the ACLs of `pagebridge acls` and no others', () => {
  const folder = claimFolder('least-rights');
  const processes = new Processes(folder);
  let broker: SecureBroker;
  let database: PrivateMariaDb;
  const settingsOf = (who: string) => broker.settings(broker.sasl, login(who), who);
  const sourceOrgs = ['acme-us'];
  const acls = aclsOf(cards, sourceOrgs);
  const byName = Map.groupBy(acls, ({ who }) => who);

  beforeAll(async () => {
    [database] = await Promise.all([
      startMariaDb(folder, processes),
      SecureBroker.start(folder, processes, ['admin', ...byName.keys()]).then((started) => {
        broker = started;
      }),
    ]);
    await Promise.all([broker.allow(...acls), migrate(processes, database)]);
  });
  afterAll(() => processes.killAll());

  // Creating comes first: what is there already is not created, and the others need it.
  const kinds = [...new Set(acls.map(kindOf))].toSorted();
  it.each(kinds)(
    'no line may be missing: whoever lacks those to %s, and has all others, is denied each of them by name',
    async (kind) => {
      const lines = acls.filter((line) => kindOf(line) === kind);
      const principals = [...byName.entries()]
        .map(([who, own]): Principal => ({ lines: own, settings: settingsOf(who), sourceOrgs }))
        .filter((principal) => namesOf(principal, kind).length > 0);
      const untilDenied = (expected: (principal: Principal) => string[]) =>
        Promise.all(
          principals.map((principal) =>
            waitFor(`${kind} of ${principal.settings.clientId}`, async () => {
              expect(await denialsOf(principal, kind)).toEqual(expected(principal));
              return true;
            }),
          ),
        );
      await broker.takeAway(...lines);
      await untilDenied((principal) => namesOf(principal, kind));
      await broker.allow(...lines);
      await untilDenied(() => []);
    },
  );

  it('every service is ready, an alert goes through them to who subscribes, and whoever inspects can trace it', async () => {
    const infrastructure = { brokers: broker.sasl, databaseUrl: database.databaseUrl };
    const dependencies = { infrastructure, keys: await sealingKeys(folder), dataCenters: [] };
    const start = async (name: ServiceName) => {
      const [callers = 0, management = 0] = await freePorts(2);
      const spec = serviceSpec(name, dependencies, { callers, management });
      await processes.start({
        ...spec,
        // Without API tokens alert-intake does not start.
        env: { ...spec.env, ...broker.variables(login(name)), ACCESS_TOKENS: 'on' } as Record<string, string>,
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
      onRecord: ({ value }) => void seen.push(String(value)),
    });
    await view.start();
    await waitFor('the handle to be unrouted', () => seen.some((value) => value.includes('nobody')));
    await Promise.all([view.stop(), publisher.close()]);

    const { sourceOrg, alertKey } = JSON.parse(String(alert.value)).data;
    const cli = join(root, 'apps/cli/dist/main.js');
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [cli, 'trace', alertKey, '--org', sourceOrg, '--kafka', '--brokers', broker.sasl],
      { env: broker.variables(login('inspect')) as NodeJS.ProcessEnv },
    );
    expect(stdout).toMatch(/\nComplete\.\nNot paged: /);
  });
});
