import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConnectionReports, PageCommands, PageOutcomes } from '@pagebridge/contracts';
import { type Destination, Driver, Progress, Stack, Tokens } from '@pagebridge/local-stack';
import { uniqueName, unlimited, waitFor } from '@pagebridge/testing';
import { Rotations } from '../harness/rotations.ts';
import { linesWith, linesWithTokens, secretsOf } from '../harness/secrets.ts';
import { ServiceLogs } from '../harness/service-logs.ts';
import { SourceOrg } from '../harness/source-org.ts';
import { SteadyLoad } from '../harness/steady-load.ts';

const alertsPerSecond = 50;
const patience = { withinMs: 90_000, everyMs: 200 };
const maxRefusalMs = 10_000;

const stack = new Stack({
  name: 'journey-rotations',
  progress: new Progress(),
  secure: true,
  env: { 'connection-management': unlimited },
});
let driver: Driver;
let globex: Destination;
let load: SteadyLoad | undefined;

beforeAll(async () => {
  driver = new Driver(await stack.start(), 'olga');
  globex = driver.destination('globex-eu');
  await driver.open();
}, 180_000);
afterAll(async () => {
  load?.end();
  await driver?.close();
  await stack.kill();
});

describe('under fifty alerts a second', () => {
  it('certificate, password, credential and sealing key are rotated, and no page is lost, duplicated or refused for long', async () => {
    const logs = new ServiceLogs(stack.folder.logs);
    const acme = new SourceOrg(uniqueName('acme'), driver);
    const connectionId = await acme.connect(globex);
    const rotations = new Rotations(stack, driver, await new Tokens(driver.info.access).of('olga'));
    const outcomes = () => driver.watch.eventsOf(PageOutcomes, ({ sourceOrg }) => sourceOrg === acme.id);
    const endsOf = (...wanted: string[]) =>
      new Set(outcomes().flatMap(({ event: { data } }) => (wanted.includes(data.outcome) ? [data.pageId] : [])));
    /** Waits until a page that was ordered after this time is delivered. */
    const pages = async (after: string) => {
      const alert = await acme.alert({ alertKey: after, message: '@oncall-core-infra' });
      const isDelivered = () =>
        outcomes().some(({ event: { data } }) => data.alertKey === alert.alertKey && data.outcome === 'delivered');
      await waitFor(`a page after ${after}`, isDelivered, patience);
    };

    const alerts = new SteadyLoad(acme.id, driver, ['core-infra', 'payments'], alertsPerSecond);
    load = alerts;
    for (const service of ['page-routing', 'page-delivery'] as const) {
      await rotations.clientCertificate(service);
      await rotations.password(service);
      await rotations.restart(service);
    }
    await pages('certificate-and-password');
    await rotations.credential(acme.id, connectionId, globex);
    await rotations.sealingKey();
    await rotations.revokeFirstKey(globex);
    await pages('credential-and-sealing-key');
    await alerts.stop();

    const commands = () =>
      driver.watch
        .eventsOf(PageCommands, ({ sourceOrg }) => sourceOrg === acme.id)
        .flatMap(({ event: { data } }) => (data.kind === 'page' ? [data.pageId] : []));
    const wanted = alerts.sent.reduce((sum, { handles }) => sum + handles, 0) + 2;
    const ended = () => endsOf('delivered', 'joined', 'superseded', 'undeliverable');
    await waitFor('an end of every page', () => new Set(commands()).size === wanted && ended().size === wanted, {
      ...patience,
      lastSeen: () => ({ wanted, commands: new Set(commands()).size, ended: ended().size }),
    });

    expect(endsOf('undeliverable')).toEqual(new Set());
    const ids = (await acme.pages(globex)).map(({ tags }) => ({
      pageId: tags.find((tag) => tag.startsWith('page-id:')),
      isTagged: tags.includes('possible-duplicate:true'),
    }));
    const untagged = ids.filter(({ isTagged }) => !isTagged).map(({ pageId }) => pageId);
    expect(untagged.length).toBe(new Set(untagged).size);
    const faults = driver.watch.eventsOf(ConnectionReports, ({ kind }) => kind === 'credential-fault');
    expect(faults).toEqual([]);
    const refusedMs = maxRefusalLength(logs.text());
    process.stderr.write(
      `rotations: ${JSON.stringify({ alerts: alerts.sent.length, pages: ids.length, refusedMs })}\n`,
    );
    expect(refusedMs).toBeLessThan(maxRefusalMs);
    expect(logs.errors()).toEqual([]);
    expect([...linesWith(logs.text(), secretsOf(driver.info)), ...linesWithTokens(logs.text())]).toEqual([]);
  }, 300_000);
});

/** Returns the longest time in milliseconds for which one service logged refusals or denials. */
function maxRefusalLength(log: string): number {
  const refusals = log
    .split('\n')
    .filter((line) => line.startsWith('{') && /refuse[sd]|denie[sd]|cannot be opened/.test(line))
    .map((line) => JSON.parse(line) as { service: string; time: string });
  const spans = [...Map.groupBy(refusals, ({ service }) => service).values()].map((lines) => {
    const times = lines.map(({ time }) => Date.parse(time));
    return Math.max(...times) - Math.min(...times);
  });
  return Math.max(0, ...spans);
}
