import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Alert } from '@pagebridge/contracts';
import { uniqueName } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';
import { expectUsable, looks } from './looked-at.ts';

const journey = new Journey();
const chromium = new Chromium();
let org: SourceOrg;
let alert: Alert;
/** Title of an alert of ada's org that names too many handles. */
const wide = uniqueName('Wide');

beforeAll(async () => {
  org = journey.sourceOrg();
  await org.connect(journey.globex, 'Globex EU');
  await journey.driver.sandbox(journey.globex).answerPagesWith(400);
  alert = await org.alert({ alertKey: 'disk/100%', title: 'Disk full on db-3', message: '@oncall-core-infra' });
  await org.outcome(alert, 'undeliverable');
  await journey.driver.sandbox(journey.globex).recover();
  const message = Array.from({ length: 101 }, (_, n) => `@oncall-team-${n}`).join(' ');
  await new SourceOrg('acme-us', journey.driver).alert({ title: wide, message });
});
afterAll(() => journey.driver.sandbox(journey.globex).recover());

const [light, , , small] = looks;

describeInChromium.each([light, small])('in $colorScheme at $viewport.width px', (look) => {
  it('a preview can be read by everybody', async () => {
    const path = `/o/${org.id}/dead-letters`;
    const page = await chromium.signedIn(journey.driver.info.services.console, 'olga', path, look);
    await page.getByRole('checkbox', { name: 'Select Disk full on db-3' }).check();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Will be sent').waitFor();
    await expectUsable(page, 'dead-letters', look);
  });
});

describeInChromium('an operator', () => {
  it('previews a dead letter and sends it again, and its page goes out once', async () => {
    const page = await chromium.signedIn(
      journey.driver.info.services.console,
      'olga',
      `/o/${org.id}/dead-letters?reason=rejected`,
    );
    await page.getByRole('link', { name: 'Disk full on db-3' }).waitFor();
    const href = await page.getByRole('link', { name: 'Disk full on db-3' }).getAttribute('href');
    expect(href).toBe(`/o/${org.id}/trace?alert=disk%2F100%25`);
    await page.getByRole('checkbox', { name: 'Select Disk full on db-3' }).check();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('a new attempt to page the team').waitFor();
    expect(await org.pages(journey.globex)).toEqual([]);
    await page.getByRole('button', { name: 'Send 1 again' }).click();
    await page.getByText('Sent', { exact: true }).waitFor();
    await org.pageIn(journey.globex, alert, 'core-infra');
    expect(await org.pages(journey.globex)).toHaveLength(1);

    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText(/^already replayed at /).waitFor();
    expect(await page.getByRole('button', { name: /^Send/ }).count()).toBe(0);
  });
});

describeInChromium('an admin', () => {
  it('reads why an alert is a dead letter, and copies the command with which an operator sends it again', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'ada', '/o/acme-us/dead-letters');
    await page.getByRole('checkbox', { name: `Select ${wide}` }).check();
    const preview = page.getByRole('button', { name: 'Preview' });
    expect(await preview.getAttribute('aria-disabled')).toBe('true');
    await preview.hover();
    await page.getByRole('tooltip').getByText('Requires dead-letters:replay in acme-us (role operator).').waitFor();
    const command = page.getByRole('region', { name: 'Selected dead letters' }).locator('pre');
    expect(await command.textContent()).toMatch(
      /^pagebridge dead-letters preview --org acme-us --topic paging\.alerts\.v1 --partition \d+ --offset \d+$/,
    );
    await page.getByRole('button', { name: 'Copy the command' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Unreadable, of unknown orgs' }).count()).toBe(0);
  });
});
