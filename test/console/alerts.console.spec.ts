import { beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import type { BrowserContext, Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey({ expectedErrors: /./, env: { 'page-delivery': { ACK_POLL_SECONDS: '5' } } });
const chromium = new Chromium();
let acme: SourceOrg;

beforeAll(async () => {
  acme = journey.sourceOrg();
  await acme.connect(journey.globex, 'Globex EU');
  const alert = await acme.alert({ alertKey: 'monitor-1', title: 'Latency on checkout' });
  await acme.outcome(alert, 'delivered');
  const nobody = await acme.alert({ alertKey: 'monitor-2', title: 'Disk full', message: '@oncall-nobody-at-all' });
  await acme.unrouted(nobody);
});

const open = (path: string): Promise<Page> =>
  chromium.signedIn(journey.driver.info.services.console, 'olga', `/o/${acme.id}${path}`);
const rowsOf = (page: Page) =>
  page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.getByRole('cell') });
const openStreams = async (): Promise<number> => {
  const metrics = await (await fetch(`${journey.driver.info.management.pageHistory}/metrics`)).text();
  return Number(/^pagebridge_history_streams(?:{.*})? (\d+)$/m.exec(metrics)?.[1] ?? -1);
};

describeInChromium('the list of alerts', () => {
  it('has filters that a link shows to a colleague, and that survive the way to a trace and back', async () => {
    const page = await open('/alerts');
    await page.getByRole('row', { name: /Disk full/ }).waitFor();
    await page.getByLabel('State').selectOption('Not paged');
    await waitFor('one row', async () => (await rowsOf(page).count()) === 1);
    const { search } = new URL(page.url());
    expect(search).toBe('?state=unrouted');
    await page.setViewportSize({ width: 1280, height: 300 });
    await page.getByRole('link', { name: /Disk full/ }).scrollIntoViewIfNeeded();
    const scrolled = await page.evaluate<number>('scrollY');
    await page.getByRole('link', { name: /Disk full/ }).click();
    await page
      .getByText(/no team has the handle @oncall-nobody-at-all/)
      .first()
      .waitFor();
    await page.goBack();
    await page.getByRole('row', { name: /Disk full/ }).waitFor();
    expect(new URL(page.url()).search).toBe(search);
    await waitFor('the place of the page', async () => (await page.evaluate<number>('scrollY')) === scrolled);
    const colleague = await open(`/alerts${search}`);
    await colleague.getByRole('row', { name: /Disk full/ }).waitFor();
    expect(await rowsOf(colleague).count()).toBe(1);
    await colleague.getByLabel('State').selectOption('Given up');
    await colleague.getByText('No results for state “Given up” in the last 6 hours.').waitFor();
  });

  it('says that a page was taken or closed there, and finds the open ones that nobody has taken for 15 minutes', async () => {
    const alertKey = 'monitor-closed';
    const alert = await acme.alert({ alertKey, title: 'Queue is full' });
    const { id } = await acme.pageIn(journey.globex, alert, 'core-infra');
    const sandbox = journey.driver.sandbox(journey.globex);
    const page = await open('/alerts');
    const row = page.getByRole('row', { name: /Queue is full/ });
    await sandbox.respond(id, 'acknowledge');
    await row.getByText('Acknowledged', { exact: true }).waitFor();
    await row.getByText(/acknowledged by a responder at/).waitFor();
    await sandbox.respond(id, 'resolve');
    await row.getByText('Closed by a responder', { exact: true }).waitFor();
    await row.getByText(/while the alert was firing/).waitFor();
    const asked = page.waitForRequest(/untakenSince=/);
    await page.getByLabel('State').selectOption('Open, not acknowledged for 15 minutes');
    const since = new URL((await asked).url()).searchParams.get('untakenSince') ?? '';
    expect(Math.round((Date.now() - Date.parse(since)) / 60_000)).toBe(15);
    await page.getByText('No results for state “Open, not acknowledged for 15 minutes” in the last 6 hours.').waitFor();
  });

  it('never moves: what is new waits until it is asked for, and known rows are kept up', async () => {
    const page = await open('/alerts');
    await page
      .getByRole('row', { name: /Latency on checkout/ })
      .getByText('Paged')
      .waitFor();
    await page.getByText('live', { exact: true }).waitFor();
    const before = await rowsOf(page).count();
    const place = await rowsOf(page).first().boundingBox();
    const alert = await acme.alert({ alertKey: 'monitor-9', title: 'Logins fail' });
    await page.getByText('1 new row.').waitFor();
    await acme.alert({ alertKey: 'monitor-1', title: 'Latency on checkout', transition: 'recovered' });
    await page
      .getByRole('row', { name: /Latency on checkout/ })
      .getByText('Resolved')
      .waitFor();
    expect(await rowsOf(page).count()).toBe(before);
    expect(await rowsOf(page).first().boundingBox()).toEqual(place);
    await acme.outcome(alert, 'delivered');
    await page.getByRole('button', { name: 'Show new' }).click();
    expect(await rowsOf(page).first().textContent()).toContain('Logins fail');
    await page.getByRole('link', { name: 'Pages', exact: true }).click();
    await page
      .getByRole('row', { name: /Logins fail/ })
      .getByText('@oncall-core-infra')
      .waitFor();
  });
});

describeInChromium('nine tabs of a browser', () => {
  it('are all live over one stream', async () => {
    const { console: url } = journey.driver.info.services;
    const first = await open('/alerts');
    const context: BrowserContext = first.context();
    const others = await Promise.all(Array.from({ length: 8 }, () => context.newPage()));
    for (const page of others) await page.goto(`${url}/o/${acme.id}/alerts`);
    const pages = [first, ...others];
    for (const page of pages) await page.getByText('live', { exact: true }).waitFor();
    expect(await openStreams()).toBe(1);
    await acme.alert({ alertKey: 'monitor-9-tabs', title: 'Nine tabs' });
    for (const page of pages) await page.getByText('1 new row.').waitFor();
    await first.close();
    for (const page of others) await page.getByRole('button', { name: 'Show new' }).click();
    await acme.alert({ alertKey: 'monitor-8-tabs', title: 'Eight tabs' });
    for (const page of others) await page.getByText('1 new row.').waitFor();
    expect(await openStreams()).toBe(1);
  });
});

describeInChromium('without the history', () => {
  it('every other screen works, and those of the history say so, keep what they know, and recover', async () => {
    const page = await open('/alerts');
    await page.getByRole('row', { name: /Disk full/ }).waitFor();
    const trace = await open('/trace?alert=monitor-2');
    await trace
      .getByText(/no team has the handle/)
      .first()
      .waitFor();
    await journey.stack.stop('page-history');
    for (const its of [page, trace]) {
      await its.getByText('The history is unavailable.').first().waitFor();
      await its.getByText(/Data as of/).waitFor();
    }
    expect(await page.getByRole('row', { name: /Disk full/ }).isVisible()).toBe(true);
    await trace.getByText(`pagebridge trace monitor-2 --org ${acme.id} --kafka`).waitFor();
    await page.getByRole('link', { name: 'Handles' }).click();
    await page.getByText('@oncall-core-infra').first().waitFor();
    await journey.stack.start('page-history');
    await trace.getByText('The history is unavailable.').waitFor({ state: 'detached' });
  });
});
