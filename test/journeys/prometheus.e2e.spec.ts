import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { claimFolder, integrate, Processes } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { describeWith } from '../harness/describe-with.ts';
import { Journey } from '../harness/journey.ts';
import { Prometheus } from '../harness/prometheus.ts';
import type { SourceOrg } from '../harness/source-org.ts';

/* A real Prometheus and a real Alertmanager; with outages in the nightly spec of the same name. */
const journey = new Journey();
const numbers = [0, 1, 2];

describeWith('prometheus', 'alertmanager')('alerts of a real Prometheus', () => {
  const folder = claimFolder('journey-prometheus');
  const processes = new Processes(folder);
  const prometheus = new Prometheus(numbers.length);
  let acme: SourceOrg;

  beforeAll(async () => {
    const { info } = journey.driver;
    acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const token = await integrate(info, 'prometheus', 'alertmanager', { sourceOrg: acme.id, as: 'olga' });
    await prometheus.start({ processes, folder }, `${info.services.alertIntake}/v1/intake/alertmanager`, token);
  });
  afterAll(async () => {
    prometheus.stop();
    await processes.killAll();
  });

  const statuses = async () => (await acme.pages(journey.globex)).map(({ status }) => status);

  it('page once each, and their recoveries resolve the pages', async () => {
    prometheus.break(numbers);
    await waitFor('three pages', async () => (await statuses()).length === numbers.length, { lastSeen: statuses });
    prometheus.repair();
    await waitFor('no open page', async () => (await statuses()).every((status) => status === 'resolved'), {
      lastSeen: statuses,
    });
    expect(await statuses()).toEqual(['resolved', 'resolved', 'resolved']);
  });
});
