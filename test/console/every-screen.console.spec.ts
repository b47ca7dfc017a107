import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { SourceOrg } from '../harness/source-org.ts';
import { Chromium } from './chromium.ts';
import { expectUsable, looks } from './looked-at.ts';

const journey = new Journey();
const chromium = new Chromium();
const org = 'acme-us';
let id: string;

/** Lets the destination refuse to list its teams, or allow it again. */
const allowTeams = (allowed: boolean) =>
  journey.driver.sandbox(journey.globex).permit('cross-org-paging', 'teams_read', allowed);

beforeAll(async () => {
  const acme = new SourceOrg(org, journey.driver);
  id = await acme.connect(journey.globex, 'Globex EU');
  await acme.connect(journey.initech, 'Initech AP');
  const paged = await acme.alert({ alertKey: 'monitor-1', title: 'High memory usage' });
  await acme.pageIn(journey.globex, paged, 'core-infra');
  await acme.alert({ ...paged, transition: 'recovered' });
  await acme.outcome(paged, 'resolved');
  const message = 'Disk full on db-3. @oncall-core-infr';
  await acme.unrouted(await acme.alert({ alertKey: 'monitor-2', title: 'Disk full on db-3', message }));
  await journey.driver.sandbox(journey.globex).answerPagesWith(401);
  const waiting = await acme.alert({ alertKey: 'monitor-4', title: 'Latency on checkout' });
  await waitFor('four attempts', () => acme.outcomesOf(waiting, 'retried').length > 3);
  await allowTeams(false);
  const acmeUrl = `${journey.driver.info.services.connectionManagement}/v1/source-orgs/${org}`;
  await journey.driver.call('POST', `${acmeUrl}/integrations`, { name: 'grafana-eu', kind: 'grafana' });
  const connection = `${acmeUrl}/connections/${id}`;
  await journey.driver.call('POST', `${connection}/sync`);
  await waitFor('a connection that fails', async () => {
    const { body } = await journey.driver.call<{ status: string }>('GET', connection);
    return body.status === 'failing';
  });
});
afterAll(async () => {
  await allowTeams(true);
  await journey.driver.sandbox(journey.globex).recover();
});

/** Name of the picture, path below the org. */
const screens = (): (readonly [string, string])[] => [
  ['alerts', '/alerts'],
  ['alerts-none', '/alerts?state=superseded&from=30d'],
  ['pages', '/alerts?view=pages'],
  ['trace-paged', '/trace?alert=monitor-1&details=on'],
  ['trace-unrouted', '/trace?alert=monitor-2'],
  ['trace-waiting', '/trace?alert=monitor-4'],
  ['trace-none', '/trace?alert=monitor-3'],
  ['connections', '/connections'],
  ['add-connection', '/connections/new'],
  ['one-connection', `/connections/${id}`],
  ['replace-keys', `/connections/${id}/keys`],
  ['backup', `/connections/${id}/backup`],
  ['remove', `/connections/${id}/remove`],
  ['handles', '/handles'],
  ['conflicts', '/handles?view=conflicts'],
  ['changes', '/handles?view=changes'],
  ['explain', `/explain#m=${encodeURIComponent('High memory usage. @oncall-databas @oncall-network')}`],
  ['no-dead-letters', '/dead-letters?reason=none-has-it'],
  ['integrations', '/integrations'],
  ['add-integration', '/integrations/new'],
  ['delete-integration', '/integrations/grafana-eu/delete'],
  ['settings', '/settings'],
  ['audit', '/audit'],
  ['tokens', '/tokens'],
  ['new-token', '/tokens/new'],
  ['no-such-org', '/../unknown-org/connections'],
];

describe('a viewer', () => {
  it('is told what a test page and sharing a snapshot need', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'vik', `/o/${org}/connections/${id}`);
    await page.getByRole('button', { name: 'Save', exact: true }).focus();
    await page.getByRole('tooltip').getByText('Requires credentials:write in acme-us (role admin).').waitFor();
    await page.getByRole('button', { name: 'Send a test page' }).focus();
    await page.getByRole('tooltip').getByText('Requires alerts:test in acme-us (role editor).').waitFor();
  });
});

describe.each(looks)('in $colorScheme at $viewport.width px, forced colours $forcedColors', (look) => {
  it('every screen can be used by everybody, and none scrolls sideways', async () => {
    const { console: url } = journey.driver.info.services;
    const page = await chromium.signedIn(url, 'olga', '/orgs', look);
    await expectUsable(page, 'orgs', look);
    for (const [name, path] of screens()) {
      // From another page: the text of Explain is only in the fragment, which alone would load nothing anew.
      await page.goto('about:blank');
      await page.goto(`${url}/o/${org}${path}`);
      await expectUsable(page, name, look);
    }
  });

  it('checks that failed can be read by everybody', async () => {
    const page = await chromium.signedIn(
      journey.driver.info.services.console,
      'olga',
      `/o/${org}/connections/new`,
      look,
    );
    await page.getByLabel('Connection Name').fill('Globex for payments');
    await page.getByLabel('Datacenter').selectOption(journey.globex.dataCenter);
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByText(/Nothing was stored/).waitFor();
    await expectUsable(page, 'checks-failed', look);
  });
});
