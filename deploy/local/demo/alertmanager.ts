import { integrate } from '../access/integrations.ts';
import { call } from '../stack/call.ts';
import { followPage } from './hops.ts';
import { followResolution } from './pages.ts';
import { expectThat, type Stage } from './stage.ts';

const fingerprint = '8a07086b74f3ba78';
const alertKey = `prometheus:${fingerprint}`;

/** Sends a webhook as Alertmanager does, first of a firing alert, then of its recovery. */
export async function pageFromAlertmanager(stage: Stage): Promise<void> {
  const { driver, timeline, globex } = stage;
  timeline.begin('An Alertmanager webhook pages a team and resolves the page');
  const token = await integrate(driver.info, 'prometheus', 'alertmanager');
  const startsAt = new Date().toISOString();
  await notify(stage, token, { status: 'firing', startsAt, endsAt: '0001-01-01T00:00:00Z' });
  const tell = timeline.hop.bind(timeline);
  const page = await followPage(driver, { alertKey, destination: globex, teamHandle: 'core-infra', tell });
  await notify(stage, token, { status: 'resolved', startsAt, endsAt: new Date().toISOString() });
  const { status } = await followResolution(stage, alertKey);
  timeline.end(`page ${page.id} ${status}`);
}

async function notify(
  { driver, timeline }: Stage,
  token: string,
  times: Readonly<Record<string, string>>,
): Promise<void> {
  const alert = {
    ...times,
    labels: { alertname: 'DiskWillFill', instance: 'db-1:9100', severity: 'critical' },
    annotations: { summary: 'The disk of db-1 is full in 4 h', description: 'See the graph. @oncall-core-infra' },
    fingerprint,
  };
  const url = `${driver.info.services.alertIntake}/v1/intake/alertmanager`;
  const authorization = `Bearer ${token}`;
  const { status, body } = await call(
    'POST',
    url,
    { version: '4', status: times.status, alerts: [alert] },
    { authorization },
  );
  expectThat('200 for one event', status === 200, { status, body });
  timeline.hop({
    at: Date.now(),
    who: 'alert-intake',
    where: 'POST /v1/intake/alertmanager',
    what: `${times.status}: 200 ${JSON.stringify(body)}`,
  });
}
