import { beforeAll, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import type { Locator, Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';

/* The five tasks of people, each by mouse, by keyboard alone, and on the smallest screen. */
const journey = new Journey();
const chromium = new Chromium();
let acme: SourceOrg;
let id: string;

beforeAll(async () => {
  acme = journey.sourceOrg();
  id = await acme.connect(journey.globex, 'Globex EU');
});

/** The revision of the keys of the connection. */
async function revision(): Promise<number> {
  const { connectionManagement } = journey.driver.info.services;
  const path = `${connectionManagement}/v1/source-orgs/${acme.id}/connections/${id}`;
  const { body } = await journey.driver.call<{ credentials: { revision: number } }>('GET', path);
  return body.credentials.revision;
}

/** Presses a control: with the mouse, or by the keys that lead to it and press it. */
type Press = (page: Page, target: Locator) => Promise<void>;

const byMouse: Press = (_page, target) => target.click();
const byKeys: Press = async (page, target) => {
  await target.waitFor();
  // Tab after Tab, as somebody does who has no mouse; a control that cannot be reached ends in the error below.
  for (let pressed = 0; pressed < 80; pressed += 1) {
    if (await target.evaluate((element) => element === element.ownerDocument.activeElement)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to ${target}`);
};

const large = { width: 1280, height: 800 };
const small = { width: 320, height: 640 };
const ways = [
  { way: 'by mouse', press: byMouse, viewport: large },
  { way: 'by keyboard alone', press: byKeys, viewport: large },
  { way: 'at 320 px', press: byMouse, viewport: small },
];

describeInChromium.each(ways)('$way', ({ press, viewport }) => {
  const open = (path: string, org = acme) =>
    chromium.signedIn(journey.driver.info.services.console, 'olga', `/o/${org.id}${path}`, { viewport });

  it('a person reads why nobody was paged: from the list in one click, and by an id without one', async () => {
    const message = 'Disk full. @oncall-nobody-at-all';
    await acme.unrouted(await acme.alert({ alertKey: 'monitor-2', title: 'Disk full on db-3', message }));
    const page = await open('/alerts');
    const row = page.getByRole('link', { name: /Disk full on db-3/ }).first();
    await row.waitFor();
    await press(page, row);
    const answer = page.getByText(/no team has the handle @oncall-nobody-at-all/).first();
    await answer.waitFor();
    await page.goto(`${journey.driver.info.services.console}/o/${acme.id}/handles`);
    await page.getByRole('searchbox', { name: 'Alert key or page id' }).waitFor();
    await page.keyboard.press('/');
    await page.keyboard.insertText('monitor-2');
    await page.keyboard.press('Enter');
    await answer.waitFor();
  });

  it('a person sees on every screen whether paging works, and one click leads to what fails', async () => {
    const page = await open('/handles');
    await page.getByRole('banner').getByText('1 connection active').waitFor();
    const sandbox = journey.driver.sandbox(journey.globex);
    await sandbox.permit('cross-org-paging', 'teams_read', false);
    const { connectionManagement } = journey.driver.info.services;
    await journey.driver.call('POST', `${connectionManagement}/v1/source-orgs/${acme.id}/connections/${id}/sync`);
    const failing = page.getByRole('banner').getByRole('link', { name: '1 of 1 failing' });
    await press(page, failing);
    await page
      .getByText(/reported by handle-sync/)
      .first()
      .waitFor();
    await sandbox.permit('cross-org-paging', 'teams_read', true);
    await press(page, page.getByRole('button', { name: 'Check again' }).first());
    await page.getByRole('banner').getByText('1 connection active').waitFor();
  });

  it('a person replaces the keys of a connection', async () => {
    const revisionBefore = await revision();
    const page = await open(`/connections/${id}`);
    await press(page, page.getByRole('link', { name: 'Replace keys' }).first());
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
    await page.keyboard.press('Enter');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await revision()).toBe(revisionBefore + 1);
  });

  it('a person sees what a text would page, and puts a typing error right', async () => {
    const page = await open('/connections');
    await press(page, page.getByRole('link', { name: 'Explain' }));
    const message = page.getByLabel('Message');
    await message.fill('High memory usage. @oncall-core-infr');
    await press(page, page.getByRole('button', { name: /^Use it/ }));
    await waitFor('the mended text', async () => {
      return (await message.inputValue()) === 'High memory usage. @oncall-core-infra';
    });
    await page
      .getByText(/team core-infra over Globex EU/)
      .first()
      .waitFor();
  });

  it('a person adds a connection', async () => {
    const newcomer = journey.sourceOrg();
    const page = await open('/connections', newcomer);
    await press(page, page.getByRole('link', { name: 'Add connection' }).first());
    await page.getByLabel('Connection Name').fill('Globex EU');
    await page.getByLabel('Datacenter').selectOption(journey.globex.dataCenter);
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
    await page.keyboard.press('Enter');
    await page.getByText(/\d+ handles found\./).waitFor();
    expect(await newcomer.handles('core')).toContain('@oncall-core-infra');
  });
});
