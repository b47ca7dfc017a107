import { beforeAll, expect, it } from '@jest/globals';
import { type SandboxPage } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';
import { expectUsable, looks } from './looked-at.ts';

const journey = new Journey({ expectedErrors: /./ });
const chromium = new Chromium();
let org: string;
let id: string;

beforeAll(async () => {
  const acme = journey.sourceOrg();
  org = acme.id;
  id = await acme.connect(journey.globex, 'Globex EU');
  await acme.connect(journey.initech, 'Initech AP');
});

const testPages = async (): Promise<SandboxPage[]> => {
  const pages = await journey.driver.sandbox(journey.globex).pages();
  return pages.filter(({ tags }) => tags.includes('pagebridge-test'));
};

/** Opens the screen of a connection, goes to its test page, and chooses a team. */
async function choose(options = {}) {
  const { console: url } = journey.driver.info.services;
  const page = await chromium.signedIn(url, 'olga', `/o/${org}/test?connection=${id}`, options);
  await page.getByLabel('Team').selectOption('@oncall-globex-eu/core-infra');
  return page;
}

describeInChromium('an admin', () => {
  it('sends a test page from a connection, after being told whom it wakes, and sees each step until it is resolved', async () => {
    const { console: url } = journey.driver.info.services;
    const before = (await testPages()).length;
    const page = await chromium.signedIn(url, 'olga', `/o/${org}/connections/${id}`);
    await page.getByRole('link', { name: 'Send a test page' }).click();
    await page.getByLabel('Team').selectOption('@oncall-globex-eu/core-infra');
    await page.getByRole('button', { name: 'Send a test page' }).click();
    await page.getByText('This wakes the person on call for core-infra in globex-eu.').waitFor();
    expect(await testPages()).toHaveLength(before);
    await page.getByRole('button', { name: 'Send now' }).click();
    const steps = page.getByRole('region', { name: 'Steps' });
    await steps.getByText('Resolved', { exact: true }).waitFor();
    const [sent] = (await testPages()).slice(before);
    expect(sent).toMatchObject({ status: 'resolved', title: expect.stringContaining('Test page from Pagebridge') });
    expect(await steps.getByRole('listitem').allInnerTexts()).toEqual([
      expect.stringMatching(/^Sent\s+\d\d:\d\d:\d\d/),
      expect.stringMatching(/^Routed\s+by page-routing: page \S+\s+\d\d:\d\d:\d\d \+[\d.]+ m?s/),
      expect.stringMatching(new RegExp(`^Accepted\\s+by globex-eu, as ${sent?.id}\\s.* \\+[\\d.]+ m?s`)),
      expect.stringMatching(/^Resolved\s+\d\d:\d\d:\d\d \+[\d.]+ m?s/),
    ]);
    const trace = await page.getByRole('link', { name: 'Trace' }).getAttribute('href');
    expect(trace).toMatch(new RegExp(`^/o/${org}/trace\\?alert=pagebridge-test%2F[0-9a-f-]{36}$`));
  });
});

describeInChromium.each(looks)('in $colorScheme at $viewport.width px, forced colours $forcedColors', (look) => {
  it('a test page and the map can be used by everybody', async () => {
    const page = await choose(look);
    await page.getByRole('button', { name: 'Send a test page' }).click();
    await expectUsable(page, 'test-page', look);
    const sentAt = '2026-11-30T12:00:00.000Z';
    const sent = { id, alertKey: 'pagebridge-test/1', sentAt };
    await page.route('**/test-pages', (route) => route.fulfill({ status: 201, json: sent }));
    const hops = [
      { kind: 'page', at: '2026-11-30T12:00:00.084Z', command: { pageId: 'page-of-nobody' } },
      {
        kind: 'outcome',
        at: '2026-11-30T12:00:01.000Z',
        outcome: { outcome: 'retried', attempts: 2, detail: 'The keys are refused.' },
      },
    ];
    const answer = { kind: 'waiting', sentence: 'Waiting: Globex EU rejects the keys.' };
    await page.route('**/trace?*', (route) =>
      route.fulfill({ json: { answer, hops, asOf: new Date().toISOString(), lag: [], missing: [], events: [] } }),
    );
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByText('Not accepted within a minute. Waiting: Globex EU rejects the keys.').waitFor();
    await expectUsable(page, 'test-page-waits', look);

    const { console: url } = journey.driver.info.services;
    await page.goto(`${url}/o/${org}/map`);
    await page
      .getByText(/open, .* waiting/)
      .first()
      .waitFor();
    expect(await page.getByRole('link', { name: 'Globex EU' }).getAttribute('href')).toBe(
      `/o/${org}/connections/${id}`,
    );
    await expectUsable(page, 'map', look);
    await page.getByRole('button', { name: 'More' }).click();
    await page.getByRole('menuitem', { name: 'Test page' }).waitFor();
    await expectUsable(page, 'more', look);
    await page.goto(`${url}/map`);
    await page.getByRole('link', { name: 'Globex EU' }).first().waitFor();
    await expectUsable(page, 'map-of-orgs', look);
  });
});

describeInChromium('while page-history is stopped, an admin', () => {
  it('reads how to see the steps of a test page without it, and resolves it', async () => {
    const page = await choose();
    await journey.stack.stop('page-history');
    const before = (await testPages()).length;
    await page.getByRole('button', { name: 'Send a test page' }).click();
    await page.getByRole('button', { name: 'Send now' }).click();
    await page.getByText(/pagebridge trace pagebridge-test\/[0-9a-f-]{36} --org .* --kafka/).waitFor();
    await waitFor('the page', async () => (await testPages()).length > before);
    await page.getByRole('button', { name: 'Resolve now' }).click();
    await page.getByText('Recovery sent.').waitFor();
    await waitFor('its end', async () => (await testPages()).at(-1)?.status === 'resolved');
    await journey.stack.start('page-history');
  });
});
