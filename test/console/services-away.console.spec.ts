import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey({ expectedErrors: /./ });
const chromium = new Chromium();
let acme: SourceOrg;

beforeAll(async () => {
  acme = journey.sourceOrg();
  await acme.connect(journey.globex, 'Globex EU');
});

const open = (path: string, org = acme): Promise<Page> =>
  chromium.signedIn(journey.driver.info.services.console, 'olga', `/o/${org.id}${path}`);

/** Each service, what it alone shows, and a screen that works without it. */
const services = [
  {
    service: 'connection-management',
    path: '/connections',
    shows: 'Globex EU',
    other: '/handles',
    works: '@oncall-core-infra',
  },
  { service: 'handle-sync', path: '/handles', shows: '@oncall-core-infra', other: '/connections', works: 'Globex EU' },
];

describeInChromium.each(services)('while $service is stopped', ({ service, path, shows, other, works }) => {
  it('the console says so, keeps what it knows, works elsewhere, and recovers without a reload', async () => {
    const page = await open(path);
    await page.getByText(shows).first().waitFor();
    await journey.stack.stop(service);
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText(new RegExp(`${service} is unavailable \\(50\\d\\)\\. Data as of`)).waitFor();
    expect(await page.getByText(shows).first().isVisible()).toBe(true);
    const another = await open(other);
    await another.getByText(works).first().waitFor();
    await another.goto(`${journey.driver.info.services.console}/o/${acme.id}${path}`);
    await another.getByText(new RegExp(`Cannot load .*: ${service} is unavailable`)).waitFor();
    await journey.stack.start(service);
    await Promise.all(
      [page, another].map((its) =>
        its
          .getByText(/is unavailable/)
          .first()
          .waitFor({ state: 'detached' }),
      ),
    );
    await another.getByText(shows).first().waitFor();
  });
});

describeInChromium('without the database, connection-management and handle-sync', () => {
  it('Explain answers, and its menu says that handles cannot be listed', async () => {
    const page = await open('/explain');
    await journey.stack.stop('connection-management');
    await journey.stack.stop('handle-sync');
    await journey.stack.stop('mariadb');
    await page.getByLabel('Message').pressSequentially('Disk full @oncall-cor');
    await page.getByText('Cannot list handles: handle-sync is unavailable. You can keep typing.').waitFor();
    await page.getByLabel('Message').pressSequentially('e-infra');
    await page
      .getByText(/team core-infra over Globex EU/)
      .first()
      .waitFor();
    await journey.stack.start('mariadb');
    await journey.stack.start('handle-sync');
    await journey.stack.start('connection-management');
  });
});

describeInChromium('while alert-intake is stopped', () => {
  it('the test page says so, another screen works, and the next press pages without a reload', async () => {
    // An org of its own: other tests read that theirs has no alert.
    const org = journey.sourceOrg();
    const page = await open(`/test?connection=${await org.connect(journey.globex, 'Globex EU')}`, org);
    const send = async () => {
      await page.getByRole('button', { name: 'Send a test page' }).click();
      await page.getByRole('button', { name: 'Send now' }).click();
    };
    await page.getByLabel('Team').selectOption('@oncall-globex-eu/core-infra');
    await journey.stack.stop('alert-intake');
    await send();
    await page.getByText(/alert-intake does not respond/).waitFor();
    const another = await open('/handles');
    await another.getByText('@oncall-core-infra').first().waitFor();
    await journey.stack.start('alert-intake');
    await send();
    await page.getByRole('region', { name: 'Steps' }).getByText('Resolved', { exact: true }).waitFor();
  });
});

describeInChromium('while page-routing is stopped', () => {
  it('Explain says so, the other screens work, and the answer comes without a reload', async () => {
    const page = await open('/explain');
    await page.getByLabel('Message').pressSequentially('Disk full @oncall-core-infra');
    await page
      .getByText(/team core-infra over Globex EU/)
      .first()
      .waitFor();
    await journey.stack.stop('page-routing');
    await page.getByLabel('Message').press('Space');
    await page.getByText(/page-routing is unavailable/).waitFor();
    const another = await open('/alerts');
    await another.getByRole('heading', { name: 'Alerts and pages' }).waitFor();
    await another.getByText(/No alert in the last 6 hours/).waitFor();
    await journey.stack.start('page-routing');
    await page.getByText(/is unavailable/).waitFor({ state: 'detached' });
  });
});

describeInChromium('while Kafka is stopped', () => {
  it('the screens of the history say how far behind it is, and all is well again without a reload', async () => {
    const page = await open('/alerts');
    await page.getByText(/No alert in the last 6 hours/).waitFor();
    await journey.stack.stop('kafka');
    await page.getByText(/^The history is more than 30 s behind\. Events after/).waitFor();
    const another = await open('/connections');
    await another.getByText('Globex EU').first().waitFor();
    await journey.stack.start('kafka');
    await page.getByText(/^The history is/).waitFor({ state: 'detached' });
  });
});

describeInChromium('while the database is stopped', () => {
  it('each screen that needs it says so, keeps what it knows, and recovers', async () => {
    const page = await open('/connections');
    await page.getByText('Globex EU').first().waitFor();
    const alerts = await open('/alerts');
    await alerts.getByText(/No alert in the last 6 hours/).waitFor();
    await journey.stack.stop('mariadb');
    await page.getByText(/is unavailable \(503\)\. Data as of/).waitFor();
    await alerts.getByText('The history is unavailable.').waitFor();
    expect(await page.getByText('Globex EU').first().isVisible()).toBe(true);
    const handles = await open('/handles');
    await handles.getByText('@oncall-core-infra').first().waitFor();
    await journey.stack.start('mariadb');
    await page.getByText(/is unavailable/).waitFor({ state: 'detached' });
    await alerts.getByText('The history is unavailable.').waitFor({ state: 'detached' });
  });
});

describeInChromium('while the OpenID provider is stopped', () => {
  it('a person who is signed in goes on, and one who is not reads why', async () => {
    // A service that has had no token since its start would have to ask the provider for its keys.
    const page = await open('/connections');
    await page.getByText('Globex EU').first().waitFor();
    await page.getByRole('link', { name: 'Handles' }).click();
    await page.getByText('@oncall-core-infra').first().waitFor();
    await journey.stack.stop('openid-provider');
    await page.getByRole('link', { name: 'Connections' }).click();
    await page.getByRole('button', { name: 'Refresh' }).click();
    await page.getByText('Globex EU').first().waitFor();
    expect(await page.getByText(/does not respond/).count()).toBe(0);
    const stranger = await chromium.page(journey.driver.info.services.console);
    await stranger.goto(`${journey.driver.info.services.console}/o/${acme.id}/connections`);
    await stranger.getByText('Login service does not respond').waitFor();
    await journey.stack.start('openid-provider');
  });

  it('a person whose access token ends reads why nothing new is shown, and is not signed out', async () => {
    await journey.stack.start('openid-provider', { ACCESS_TOKEN_SECONDS: '10' });
    const page = await open('/connections');
    await page.getByText('Globex EU').first().waitFor();
    await journey.stack.stop('openid-provider');
    await page.getByText(/the login service is unavailable \(503\)\. Data as of/).waitFor();
    expect(await page.getByText('Globex EU').first().isVisible()).toBe(true);
    expect(await page.getByText('You are signed out').count()).toBe(0);
    await journey.stack.start('openid-provider');
  });
});
