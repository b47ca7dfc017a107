import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { Driver, integrate, Progress, Stack } from '@pagebridge/local-stack';
import { unlimited, waitFor } from '@pagebridge/testing';
import { describeWith } from '../harness/describe-with.ts';
import { Prometheus } from '../harness/prometheus.ts';
import { SourceOrg } from '../harness/source-org.ts';

/*
 * A real Prometheus and a real Alertmanager send to alert-intake, while Kafka restarts, alert-intake is killed, and its port refuses.
 */
const count = 200;
const stack = new Stack({
  name: 'prometheus',
  progress: new Progress(),
  given: {},
  console: false,
  env: { 'connection-management': unlimited },
});
const prometheus = new Prometheus(count);
let driver: Driver;
let org: SourceOrg;

beforeAll(async () => {
  const info = await stack.start();
  driver = new Driver(info, 'olga');
  await driver.open();
  org = new SourceOrg('acme-us', driver);
  await org.connect(globex());
  const token = await integrate(info, 'prometheus', 'alertmanager');
  await prometheus.start(stack, `${info.services.alertIntake}/v1/intake/alertmanager`, token);
}, 300_000);
afterAll(async () => {
  prometheus.stop();
  await driver?.close();
  await stack.kill();
});

const globex = () => driver.destination('globex-eu');
const patience = { withinMs: 180_000, everyMs: 500 };
/** How many pages each alert has, and how many of all are open. */
async function pages() {
  const all = await org.pages(globex());
  const keys = all.map(({ tags }) => tags.find((tag) => tag.startsWith('alert-key:')) ?? '');
  const ofEach = [...Map.groupBy(keys, (key) => key).values()].map(({ length }) => length);
  return {
    alerts: ofEach.length,
    most: Math.max(0, ...ofEach),
    open: all.filter(({ status }) => status !== 'resolved').length,
  };
}
const until = async (what: string, holds: (seen: Awaited<ReturnType<typeof pages>>) => boolean) => {
  let seen: unknown;
  const isSo = async () => {
    const now = await pages();
    seen = now;
    return holds(now);
  };
  await waitFor(what, isSo, { ...patience, lastSeen: () => seen });
};

/** Breaks everything, in three parts; Kafka, alert-intake and its port are away at a time when alerts arrive. */
async function breakAmidOutages(): Promise<void> {
  const third = (from: number) =>
    Array.from({ length: count }, (_, number) => number).filter((number) => number % 3 === from);
  prometheus.break(third(0));
  const kafka = stack.processes.running.find(({ spec }) => spec.name === 'kafka');
  if (!kafka) throw new Error('no broker in this stack');
  await kafka.stop();
  await stack.processes.start(kafka.spec);
  await stack.service('alert-intake').crash();
  prometheus.break(third(1));
  await stack.startService('alert-intake');
  // Its port refuses until it is started again.
  await stack.service('alert-intake').stop();
  prometheus.break(third(2));
  await stack.startService('alert-intake');
}

describeWith('prometheus', 'alertmanager')('200 alerts of a real Prometheus', () => {
  it('have a page each, although Kafka restarts, and alert-intake is killed and refuses', async () => {
    await breakAmidOutages();
    await until('a page of each alert', ({ alerts }) => alerts === count);
    expect(await pages()).toEqual({ alerts: count, most: 1, open: count });
  });

  it('page again when they fire again with their old start, after a gap in the evaluation', async () => {
    prometheus.sleep();
    await until('no open page', ({ open }) => open === 0);
    prometheus.wake();
    await until('an open page of each alert', ({ open }) => open === count);
    expect(await pages()).toEqual({ alerts: count, most: 2, open: count });
  });

  it('resolve their pages when they recover, and page nobody after that', async () => {
    prometheus.repair();
    await until('no open page', ({ open }) => open === 0);
    expect(await pages()).toEqual({ alerts: count, most: 2, open: 0 });
  });
});
