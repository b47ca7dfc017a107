import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { PageOutcomes } from '@pagebridge/contracts';
import {
  call,
  Driver,
  type LocalProcess,
  Progress,
  type ServiceName,
  Stack,
  serviceNames,
} from '@pagebridge/local-stack';
import { uniqueName, unlimited, waitFor } from '@pagebridge/testing';
import { audit } from '../chaos/audit/audit.ts';
import { timesOf } from '../chaos/audit/times.ts';
import { Collector } from '../chaos/observation/collect.ts';
import { untilQuiet } from '../chaos/observation/quiet.ts';
import { SourceOrg } from '../harness/source-org.ts';
import { SteadyLoad } from '../harness/steady-load.ts';
import { Recording } from '../recording/recording.ts';

/*
 * Tests the parts of an upgrade: services read the state that an older commit left, then instances are replaced one by one, as
 * Kubernetes does with a surge of one and none unavailable.
 */
const recording = new Recording();
const stack = new Stack({
  name: 'rolling-restart',
  progress: new Progress(),
  given: {},
  env: { 'connection-management': unlimited },
  seed: (infrastructure) => recording.load(infrastructure),
});
let driver: Driver;
beforeAll(async () => {
  recording.bringKeys(stack.folder.path);
  driver = new Driver(await stack.start(), 'olga');
  await driver.open();
});
afterAll(async () => {
  await driver?.close();
  await stack.kill();
});
const globex = () => driver.destination('globex-eu');
/** A build of another commit: instances of that build are replaced, and replace those of this one: docs/how-to/upgrade.md. */
const former = process.env.PAGEBRIDGE_FORMER_CHECKOUT;
/** Enough that each instance has work while it stops. Chaos tests the load of many sources. */
const alertsPerSecond = 25;
/** How much later than nearly all pages the last one may be: the rest is the speed of the machine. */
const latestPageMs = 15_000;
const instancesOf: Readonly<Record<ServiceName, number>> = {
  'connection-management': 1,
  'handle-sync': 1,
  'page-routing': 2,
  'page-delivery': 2,
  'alert-intake': 2,
  'page-history': 1,
};

let load: SteadyLoad | undefined;
afterEach(() => load?.end());

const say = (line: string) => process.stderr.write(`${line}\n`);

describe('services on the state of the recorded commit', () => {
  const { facts } = recording;
  const recorded = () => new SourceOrg(facts.sourceOrg, driver);

  it('keep its connections, handles, settings, audit and API tokens', async () => {
    const { connectionManagement, handleSync } = driver.info.services;
    const url = `${connectionManagement}/v1/source-orgs/${facts.sourceOrg}`;
    const listed = await driver.call<{ items: { id: string; name: string }[] }>('GET', `${url}/connections`);
    const connections = listed.body.items.map(({ id, name }) => ({ id, name }));
    expect(connections).toHaveLength(facts.connections.length);
    expect(connections).toEqual(expect.arrayContaining([...facts.connections]));
    expect(await recorded().handles()).toEqual(facts.handles);
    expect((await driver.call('GET', url)).body).toMatchObject({ localHandles: ['facilities'] });
    const audited = await driver.call<{ items: unknown[] }>('GET', `${url}/audit`);
    expect(audited.body.items.length).toBeGreaterThanOrEqual(facts.connections.length);
    const authorization = `Bearer ${facts.token}`;
    const asked = `${handleSync}/v1/source-orgs/${facts.sourceOrg}/handles`;
    expect((await call('GET', asked, undefined, { authorization })).status).toBe(200);
  });

  it('resolve the page of an open alert, page for a new one, and do not page for ended ones', async () => {
    const { alertKey, page } = facts.open;
    const { watch } = driver;
    const sandbox = driver.sandbox(globex());
    const [delivered] = watch.eventsOf(PageOutcomes, ({ destinationPageId }) => destinationPageId === page.id);
    const tags = [`page-id:${delivered?.event.data.pageId}`];
    await sandbox.remember({ ...page, title: alertKey, urgency: 'high', tags });
    const recovery = await recorded().alert({ alertKey, transition: 'recovered' });
    await recorded().outcome(recovery, 'resolved');
    const resolved = (await sandbox.pages()).filter(({ status }) => status === 'resolved');
    expect(resolved.map(({ id }) => id)).toEqual([page.id]);

    const fresh = await recorded().alert({ alertKey: 'memory-low', message: `Help. @oncall-${page.team}` });
    const { id } = await recorded().pageIn(globex(), fresh, page.team);
    expect((await recorded().pages(globex())).map((it) => it.id)).toEqual([id]);
  });
});

/** Waits until all earlier alerts are paged; in a Deployment `minReadySeconds` gives the time for that. */
function untilServed({ sent }: SteadyLoad, { watch }: Driver): Promise<true> {
  const due = new Set(sent.map(({ alert }) => alert.alertKey));
  const served = () => new Set(watch.eventsOf(PageOutcomes).map(({ event }) => event.data.alertKey));
  const isServed = () => due.isSubsetOf(served());
  return waitFor('what was sent to be served', isServed, { everyMs: 250 });
}

describe('a rolling restart of every instance of every service, under a steady load,', () => {
  it('loses no page, tags every duplicate, and delays no page', async () => {
    const acme = new SourceOrg(uniqueName('acme'), driver);
    await acme.connect(globex());
    const running: [ServiceName, LocalProcess][] = [];
    for (const name of serviceNames) {
      const others = Array.from({ length: instancesOf[name] - 1 }, () => stack.startAnother(name, {}, former));
      for (const instance of [stack.service(name), ...(await Promise.all(others))]) running.push([name, instance]);
    }
    load = new SteadyLoad(acme.id, driver, ['core-infra', 'payments'], alertsPerSecond);
    const began = Date.now();
    // The next instance starts while the last one stops, as if each Deployment is rolled out independently.
    const stops: Promise<[ServiceName, string]>[] = [];
    for (const checkout of former ? [undefined, former] : [undefined]) {
      for (const [index, [name, old]] of running.entries()) {
        running[index] = [name, await stack.startAnother(name, {}, checkout)];
        await untilServed(load, driver);
        stops.push(old.stop().then((end) => [name, end]));
      }
    }
    for (const [name, end] of await Promise.all(stops)) expect([name, end]).toEqual([name, 'exit code 0']);
    const tookMs = Date.now() - began;
    await load.stop();

    const brokerFolders = [join(stack.folder.path, 'kafka', 'kafka', 'data')];
    const sources = { kafka: driver.info, brokerFolders, destinations: driver.info.destinations, topicOwners: [] };
    const collector = new Collector(sources);
    await collector.start();
    const { signal: stopping } = new AbortController();
    const history = await untilQuiet(collector, () => load?.events ?? [], { silenceMs: 20_000, say, stopping });
    await collector.stop();
    const { findings, alerts, delivered, lost, duplicatesTagged } = audit(history);
    const whole = { healedAt: began, servedAt: began, until: Number.POSITIVE_INFINITY };
    const { healthyP99Ms: p99Ms = 0, slowest } = timesOf([whole], history);
    const slowestMs = slowest.at(-1)?.ms;
    say(`rolling restart: ${JSON.stringify({ tookMs, alerts, delivered, lost, duplicatesTagged, p99Ms, slowestMs })}`);
    expect(findings).toEqual([]);
    expect(alerts).toBeGreaterThan((tookMs / 1000) * alertsPerSecond * 0.9);
    expect(slowest.filter(({ ms }) => ms > p99Ms + latestPageMs)).toEqual([]);
  }, 300_000);
});

describe('records of these services', () => {
  it('can be read by the recorded commit after a rollback', () => {
    const { watch } = driver;
    const decodable = recording.contracts.flatMap((contract) =>
      watch.recordsOf(contract.card.topic).map((record) => [contract, record] as const),
    );
    expect(decodable.length).toBeGreaterThan(recording.records.length);
    const unreadable = decodable.flatMap(([contract, record]) => {
      const decoded = contract.decode(record);
      return decoded.ok || record.value === null ? [] : [`${record.topic}: ${decoded.detail}`];
    });
    // The recorded commit has neither alert-intake nor page-history, and parks what these say of the use of a token.
    const uses = /^paging\.access-token-uses\.v1: data\.usedBy /;
    expect(unreadable.filter((line) => !uses.test(line))).toEqual([]);
  });
});
