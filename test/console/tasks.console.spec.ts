import { beforeAll, beforeEach, expect, it } from '@jest/globals';
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

/** How a person works: presses a control, pastes a text into a field, and chooses an option by how its label begins. */
interface Hand {
  readonly press: (target: Locator) => Promise<void>;
  readonly paste: (field: Locator, text: string) => Promise<void>;
  readonly choose: (select: Locator, option: string) => Promise<void>;
}

const hasFocus = (target: Locator) => target.evaluate((element) => element === element.ownerDocument.activeElement);

/** Goes to a control Tab after Tab, as somebody does who has no mouse. Rejects if no Tab leads there. */
async function tabTo(target: Locator): Promise<void> {
  await target.waitFor();
  for (let pressed = 0; pressed < 80; pressed += 1) {
    if (await hasFocus(target)) return;
    await target.page().keyboard.press('Tab');
  }
  throw new Error(`no Tab leads to ${target}`);
}

/** Pastes what another program has put on the clipboard. */
async function pasteHere(page: Page, text: string): Promise<void> {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate(`navigator.clipboard.writeText(${JSON.stringify(text)})`);
  await page.keyboard.press('Control+V');
}

const mouse: Hand = {
  press: (target) => target.click(),
  async paste(field, text) {
    await field.click();
    await pasteHere(field.page(), text);
  },
  // The browser draws the options outside the page, where no test can click.
  choose: async (select, option) => void (await select.selectOption(option)),
};
const keyboard: Hand = {
  async press(target) {
    await tabTo(target);
    await target.page().keyboard.press('Enter');
  },
  async paste(field, text) {
    await tabTo(field);
    await pasteHere(field.page(), text);
  },
  async choose(select, option) {
    await tabTo(select);
    await select.page().keyboard.type(option);
  },
};

const large = { width: 1280, height: 800 };
const small = { width: 320, height: 640 };
const ways = [
  { way: 'by mouse', hand: mouse, viewport: large },
  { way: 'by keyboard alone', hand: keyboard, viewport: large },
  { way: 'at 320 px', hand: mouse, viewport: small },
];

describeInChromium.each(ways)('$way', ({ hand, viewport }) => {
  /** How many controls a task has taken so far. Fields, and the Enter that ends a form, are not counted. */
  let presses: number;
  beforeEach(() => {
    presses = 0;
  });

  const press = (target: Locator) => {
    presses += 1;
    return hand.press(target);
  };
  const open = (path: string, org = acme) =>
    chromium.signedIn(journey.driver.info.services.console, 'olga', `/o/${org.id}${path}`, { viewport });
  const pasteKeys = async (page: Page) => {
    const { apiKey, applicationKey } = journey.globex;
    await hand.paste(page.getByRole('textbox', { name: 'API Key', exact: true }), apiKey);
    await hand.paste(page.getByRole('textbox', { name: 'Application Key', exact: true }), applicationKey);
    await page.keyboard.press('Enter');
  };

  it('a person reads why nobody was paged: from the list in one click, and by an id without one', async () => {
    const message = 'Disk full. @oncall-nobody-at-all';
    await acme.unrouted(await acme.alert({ alertKey: 'monitor-2', title: 'Disk full on db-3', message }));
    const page = await open('/alerts');
    const row = page.getByRole('link', { name: /Disk full on db-3/ }).first();
    await row.waitFor();
    await press(row);
    const answer = page.getByText(/no team has the handle @oncall-nobody-at-all/).first();
    await answer.waitFor();
    expect(presses).toBe(1);
    await page.goto(`${journey.driver.info.services.console}/o/${acme.id}/handles`);
    const find = page.getByRole('searchbox', { name: 'Alert key or page id' });
    await find.waitFor();
    await page.keyboard.press('/');
    await waitFor('the focus', () => hasFocus(find));
    await pasteHere(page, 'monitor-2');
    await page.keyboard.press('Enter');
    await answer.waitFor();
    expect(presses).toBe(1);
  });

  it('a person sees on every screen whether paging works, and one click leads to what fails', async () => {
    const page = await open('/handles');
    await page.getByRole('banner').getByText('1 connection active').waitFor();
    const sandbox = journey.driver.sandbox(journey.globex);
    await sandbox.permit('cross-org-paging', 'teams_read', false);
    const { connectionManagement } = journey.driver.info.services;
    await journey.driver.call('POST', `${connectionManagement}/v1/source-orgs/${acme.id}/connections/${id}/sync`);
    const failing = page.getByRole('banner').getByRole('link', { name: '1 of 1 failing' });
    await press(failing);
    await page
      .getByText(/reported by handle-sync/)
      .first()
      .waitFor();
    expect(presses).toBe(1);
    await sandbox.permit('cross-org-paging', 'teams_read', true);
    await press(page.getByRole('button', { name: 'Check again' }).first());
    await page.getByRole('banner').getByText('1 connection active').waitFor();
  });

  it('a person replaces the keys of a connection', async () => {
    const revisionBefore = await revision();
    const page = await open(`/connections/${id}`);
    await press(page.getByRole('link', { name: 'Replace keys' }).first());
    await pasteKeys(page);
    await page.getByRole('dialog').waitFor({ state: 'detached' });
    expect(await revision()).toBe(revisionBefore + 1);
    expect(presses).toBe(1);
  });

  it('a person sees what a text would page, and puts a typing error right', async () => {
    const page = await open('/connections');
    await press(page.getByRole('link', { name: 'Explain' }));
    const message = page.getByLabel('Message');
    await hand.paste(message, 'High memory usage. @oncall-core-infr does not answer.');
    await press(page.getByRole('button', { name: /^Use it/ }));
    await waitFor('the mended text', async () => {
      return (await message.inputValue()) === 'High memory usage. @oncall-core-infra does not answer.';
    });
    await page
      .getByText(/team core-infra over Globex EU/)
      .first()
      .waitFor();
    expect(presses).toBe(2);
  });

  it('a person adds a connection', async () => {
    const newcomer = journey.sourceOrg();
    const page = await open('/connections', newcomer);
    await press(page.getByRole('link', { name: 'Add connection' }).first());
    await hand.paste(page.getByLabel('Connection Name'), 'Globex EU');
    await hand.choose(page.getByLabel('Datacenter'), journey.globex.dataCenter);
    await pasteKeys(page);
    await page.getByText(/\d+ handles found\./).waitFor();
    expect(await newcomer.handles('core')).toContain('@oncall-core-infra');
    expect(presses).toBe(1);
  });
});
