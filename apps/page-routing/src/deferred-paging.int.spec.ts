import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { OutgoingRecord, PageCommand } from '@pagebridge/contracts';
import { aConnection, aHandle, anAlertRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { Bus, startRouter } from './page-routing.fixtures.ts';

const bus = new Bus();
const group = uniqueName('late-spec');
const org = uniqueName('late');
const routers: NestExpressApplication[] = [];

beforeAll(async () => {
  await bus.start();
  await bus.moveToEnd(group);
});
afterAll(() => bus.stop());
afterEach(async () => {
  await Promise.all(routers.splice(0).map((router) => router.close()));
});

const start = async (): Promise<NestExpressApplication> => {
  const router = await startRouter(group);
  routers.push(router);
  return router;
};
const alert = (its = {}): OutgoingRecord => anAlertRecord({ sourceOrg: org, ...its });
const pagesOf = (): PageCommand[] => bus.commands(org).flatMap(({ data }) => (data.kind === 'page' ? [data] : []));

it('pages a handle late that becomes known, also after a restart, but not after the recovery of its alert', async () => {
  const connection = aConnection({ sourceOrg: org });
  const { directory } = connection;
  await bus.publishConnection(connection);
  const teamOf = (teamHandle: string) => aHandle({ directory, teamHandle });
  const router = await start();
  await bus.write(
    alert({ alertKey: 'soon', message: '@oncall-soon' }),
    alert({ alertKey: 'later', message: '@oncall-later' }),
    alert({ alertKey: 'over', message: '@oncall-later' }),
  );
  await waitFor('three handles that wait', () => bus.unrouted(org).length === 3);
  expect(bus.unrouted(org).every(({ data }) => data.waitingUntil && data.alert)).toBe(true);
  await bus.publishHandles(teamOf('soon'));
  await waitFor('the first late page', () => pagesOf().length === 1);
  await bus.write(alert({ alertKey: 'over', transition: 'recovered' }));
  await waitFor('the resolve', () => bus.commands(org).length === 2);
  expect(await router.get(Registry).metrics()).toMatch(/pagebridge_late_pages_total\{?[^}]*\}? 1\n/);
  await router.close();
  await bus.publishHandles(teamOf('later'));
  await start();
  await waitFor('the second late page', () => pagesOf().length === 2, { lastSeen: () => pagesOf() });
  // This alert is routed last: once it is paged, all earlier records of its partition have been handled.
  await bus.write(alert({ alertKey: 'over', message: '@oncall-soon' }));
  await waitFor('a prompt page', () => pagesOf().length === 3, { lastSeen: () => pagesOf() });
  expect(pagesOf().map(({ alertKey, tags }) => [alertKey, tags.includes('late')])).toEqual([
    ['soon', true],
    ['later', true],
    ['over', false],
  ]);
});
