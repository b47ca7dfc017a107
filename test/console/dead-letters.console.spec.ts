import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
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
/** Title of an alert of ada's org that came days too late. */
const late = uniqueName('Late');

beforeAll(async () => {
  org = journey.sourceOrg();
  await org.connect(journey.globex, 'Globex EU');
  await journey.driver.sandbox(journey.globex).answerPagesWith(400);
  alert = await org.alert({ alertKey: 'disk/100%', title: 'Disk full on db-3', message: '@oncall-core-infra' });
  await org.outcome(alert, 'undeliverable');
  await journey.driver.sandbox(journey.globex).recover();
  const occurredAt = new Date(Date.now() - 3 * 24 * 60 * 60_000).toISOString();
  await new SourceOrg('acme-us', journey.driver).alert({ title: late, message: '@oncall-core-infra', occurredAt });
});
afterAll(() => journey.driver.sandbox(journey.globex).recover());

const urlOf = (path: string) => `${journey.driver.info.services.console}${path}`;

describe.each(looks)('in $colorScheme at $viewport.width px, forced colours $forcedColors', (look) => {
  it('dead letters and their preview can be used by everybody', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'olga', '/orgs', look);
    const choose = page.getByRole('checkbox', { name: 'Choose Disk full on db-3' });
    await page.goto(urlOf(`/o/${org.id}/dead-letters`));
    await choose.check();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('Would be sent').waitFor();
    await expectUsable(page, 'dead-letters', look);
    await page.goto(urlOf(`/o/${org.id}/dead-letters?reason=handler-failed`));
    await page.getByText('Nothing matches reason = handler-failed.').waitFor();
    await expectUsable(page, 'no-dead-letters', look);
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
    await page.getByRole('checkbox', { name: 'Choose Disk full on db-3' }).check();
    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText('a new attempt to page the team').waitFor();
    expect(await org.pages(journey.globex)).toEqual([]);
    await page.getByRole('button', { name: 'Send 1 again' }).click();
    await page.getByText('Sent', { exact: true }).waitFor();
    await org.pageIn(journey.globex, alert, 'core-infra');
    expect(await org.pages(journey.globex)).toHaveLength(1);

    await page.getByRole('button', { name: 'Preview' }).click();
    await page.getByText(/^sent again at /).waitFor();
    expect(await page.getByRole('button', { name: /^Send/ }).count()).toBe(0);
  });
});

describeInChromium('an admin', () => {
  it('reads why an alert is a dead letter, and copies the command with which an operator sends it again', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'ada', '/o/acme-us/dead-letters');
    await page.getByRole('checkbox', { name: `Choose ${late}` }).check();
    const preview = page.getByRole('button', { name: 'Preview' });
    expect(await preview.getAttribute('aria-disabled')).toBe('true');
    await preview.focus();
    await page.getByRole('tooltip').getByText('Needs dead-letters:replay in acme-us (role operator).').waitFor();
    const command = page.getByRole('region', { name: 'Chosen dead letters' }).locator('pre');
    expect(await command.textContent()).toMatch(
      /^pagebridge dead-letters replay --topic paging\.alerts\.v1 --partition \d+ --offset \d+ --dry-run$/,
    );
    await page.getByRole('button', { name: 'Copy the command' }).waitFor();
    expect(await page.getByRole('heading', { name: 'Of no known org' }).count()).toBe(0);
  });
});
