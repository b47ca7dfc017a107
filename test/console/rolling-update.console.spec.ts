import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';
import { Front, inTurn } from './front.ts';
import { Gateways } from './gateways.ts';
import { laterRelease } from './later-release.ts';

/* The gateway of one release gives way to that of the next, while people work at an address before both. */
const gateways = new Gateways('releases');
let front: Front;
// Before the journey restores the stack, whose gateway needs its address then.
afterAll(() => Promise.all([gateways.killAll(), front.close()]));
const journey = new Journey();
// The router and the browser write down what they do not find in the other release.
const chromium = new Chromium(/The code of this screen could not be loaded|Refused to apply style/);
let former: string;
let later: string;

beforeAll(async () => {
  const { info } = journey.driver;
  await journey.stack.stop('console-gateway');
  [former, later] = await Promise.all([gateways.start(info), gateways.start(info, laterRelease())]);
  front = await Front.at(info.services.console, former);
});

/** Opens a screen of the former release. */
function openFormer(path: string): Promise<Page> {
  front.choose = inTurn(former);
  return chromium.signedIn(journey.driver.info.services.console, 'olga', path);
}

const brand = (page: Page) => page.getByRole('banner').getByRole('link', { name: 'Pagebridge' });
const notLoaded = /^The console has not loaded\. It may have been updated just now\./;

describeInChromium('while the gateways of two releases answer', () => {
  it('nobody is signed out, and what was typed is there and can be sent', async () => {
    const acme = journey.sourceOrg();
    const page = await openFormer(`/o/${acme.id}/connections/new`);
    await page.getByLabel('Connection Name').fill('Globex EU');
    await page.getByLabel('Datacenter').selectOption(journey.globex.dataCenter);
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
    front.passed.splice(0);
    front.choose = inTurn(former, later);
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByText(/\d+ handles found\./).waitFor();
    expect(new Set(front.passed.map(({ by }) => by))).toEqual(new Set([former, later]));
    expect(front.passed.filter(({ status }) => status >= 400)).toEqual([]);
  });

  it('a screen that was not loaded before asks for a reload, in words', async () => {
    const page = await openFormer('/o/acme-us/connections');
    front.choose = inTurn(later);
    await page.getByRole('link', { name: 'Explain' }).click();
    await page.getByText(/^This screen could not be loaded: the console was updated/).waitFor();
    front.choose = inTurn(former);
    await page.getByRole('button', { name: 'Try again' }).click();
    await page.getByLabel('Message').waitFor();
    front.choose = inTurn(later);
    await page.getByRole('link', { name: 'Handles' }).click();
    await page.getByRole('button', { name: 'Reload' }).click();
    await page.getByRole('heading', { name: 'Handles' }).waitFor();
  });

  it.each(['js', 'css'])('a first page that finds no %s file says so in place of staying white', async (ending) => {
    const page = await openFormer('/o/acme-us/connections');
    front.choose = (path) => (path.endsWith(`.${ending}`) ? former : later);
    await page.goto(`${journey.driver.info.services.console}/o/acme-us/handles`);
    await page.getByText(notLoaded).waitFor();
    expect(await brand(page).count()).toBe(0);
    front.choose = inTurn(later);
    await page.getByRole('link', { name: 'Reload' }).click();
    await page.getByRole('heading', { name: 'Handles' }).waitFor();
    expect(await page.getByText(notLoaded).count()).toBe(0);
  });
});
