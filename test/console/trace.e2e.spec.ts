import { beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();
let acme: SourceOrg;
let connection: string;

beforeAll(async () => {
  acme = journey.sourceOrg();
  connection = await acme.connect(journey.globex, 'Globex EU');
});

const open = (path: string): Promise<Page> =>
  chromium.signedIn(journey.driver.info.services.console, 'olga', `/o/${acme.id}${path}`);
const trace = (alertKey: string) => `/trace?alert=${encodeURIComponent(alertKey)}`;
const sees = (page: Page, text: string | RegExp) => page.getByText(text).first().waitFor();

describeInChromium('the link of an alert', () => {
  it('says whom it paged, whatever its key is', async () => {
    const alert = await acme.alert({ alertKey: 'monitor-1 % & #/é', title: 'High memory usage' });
    const { id } = await acme.pageIn(journey.globex, alert, 'core-infra');
    const page = await open(trace(alert.alertKey));
    await sees(page, /Paged core-infra \(globex-eu\) after/);
    await sees(page, new RegExp(id));
    // By the id of the page in the destination, found with the keys alone.
    await page.keyboard.press('/');
    await page.keyboard.type(id);
    await page.keyboard.press('Enter');
    await page.waitForURL(/find=/);
    await sees(page, /Paged core-infra \(globex-eu\) after/);
  });

  it('says that it paged nobody, and opens Explain with the nearest handle, which pages', async () => {
    const message = 'Disk full. @oncall-core-infr';
    const alert = await acme.alert({ alertKey: 'monitor-2', title: 'Disk full', message });
    await acme.unrouted(alert);
    const page = await open(trace(alert.alertKey));
    await sees(page, /no team has the handle @oncall-core-infr; nearest @oncall-core-infra/);
    await page.getByRole('link', { name: 'Use @oncall-core-infra' }).click();
    const mended = await page.getByLabel('Message').inputValue();
    expect(mended).toBe('Disk full. @oncall-core-infra');
    const next = await acme.alert({ alertKey: 'monitor-3', title: 'Disk full', message: mended });
    await acme.pageIn(journey.globex, next, 'core-infra');
  });

  it('says what it waits for: a permission is named, and one check sends the page out without a reload', async () => {
    const sandbox = journey.driver.sandbox(journey.globex);
    await sandbox.permit('cross-org-paging', 'on_call_page', false);
    const alert = await acme.alert({ alertKey: 'monitor-4', title: 'Latency on checkout' });
    await acme.outcome(alert, 'retried');
    const page = await open(trace(alert.alertKey));
    await sees(page, /Waiting since .*: Globex EU rejects the keys: on_call_page is missing/);
    await sees(page, 'next attempt');
    await sees(page, /Add on_call_page to the service account's role/);
    await sandbox.permit('cross-org-paging', 'on_call_page', true);
    await page.getByRole('button', { name: 'Check again' }).click();
    await acme.outcome(alert, 'delivered');
    const deliveredAt = performance.now();
    await sees(page, /Paged core-infra \(globex-eu\) after/);
    expect(performance.now() - deliveredAt).toBeLessThan(20_000);
  });

  it('says that keys are refused: they are replaced from there, and the page is seen to go out', async () => {
    const sandbox = journey.driver.sandbox(journey.globex);
    await sandbox.answerPagesWith(401);
    const alert = await acme.alert({ alertKey: 'monitor-5', title: 'Logins fail' });
    await acme.outcome(alert, 'retried');
    const page = await open(trace(alert.alertKey));
    await sees(page, /Waiting since .*: Globex EU rejects the keys/);
    await sandbox.recover();
    await page.getByRole('link', { name: 'Replace keys' }).click();
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    await page.goBack();
    await page.waitForURL(/connections/);
    await page.goBack();
    await sees(page, /Paged core-infra \(globex-eu\) after/);
    await page.getByRole('banner').getByText('1 connection active').waitFor();
    const { console: url } = journey.driver.info.services;
    await page.goto(`${url}/o/${acme.id}/connections/${connection}`);
    const formerKey = page.getByRole('term').filter({ hasText: 'Previous key' }).locator('+ dd');
    await formerKey.getByText('not in use any more: you can revoke it').waitFor();
  });

  it('says that nothing is known of it, and the command that looks into the topics', async () => {
    const page = await open(trace("it's"));
    await sees(page, /^No record of/);
    await sees(page, `pagebridge trace 'it'\\''s' --org ${acme.id} --kafka`);
  });
});
