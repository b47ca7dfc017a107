import { expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();
const path = '/o/acme-us/explain#m=Disk%20full';

describeInChromium('a session', () => {
  it('begins where the link led, with its fragment', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'ada', path);
    expect(await page.getByLabel('Message').inputValue()).toBe('Disk full');
  });

  it('ends by signing out: no tab shows anything afterwards, and a copied cookie renews nothing', async () => {
    const { console: url } = journey.driver.info.services;
    const page = await chromium.signedIn(url, 'ada', '/o/acme-us/connections');
    const copied = await page.context().cookies(url);
    const other = await page.context().newPage();
    await other.goto(`${url}/o/acme-us/handles`);
    await other.getByRole('heading', { name: 'Handles' }).waitFor();
    await page.getByRole('button', { name: /ada/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await other.getByText('You are signed out of Pagebridge.').waitFor();
    expect(await other.getByRole('heading', { name: 'Handles' }).count()).toBe(0);
    await page.waitForURL(`${url}/`);
    await page.getByText('You are signed out of Pagebridge.').waitFor();
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('Sign in to Pagebridge on this machine').waitFor();
    const cookie = copied.map(({ name, value }) => `${name}=${value}`).join('; ');
    const headers = { cookie, origin: url, 'x-pagebridge-console': '1' };
    expect((await fetch(`${url}/session/renew`, { method: 'POST', headers })).status).toBe(401);
  });

  it('that ended in a half-filled drawer keeps what was typed; after a login in a new tab the button works', async () => {
    const { console: url } = journey.driver.info.services;
    const acme = journey.sourceOrg();
    const page = await chromium.signedIn(url, 'olga', `/o/${acme.id}/connections/new`);
    await page.getByLabel('Connection Name').fill('Globex EU');
    await page.getByLabel('Datacenter').selectOption(journey.globex.dataCenter);
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
    await page.context().clearCookies();
    await page.getByRole('button', { name: 'Add connection' }).click();
    const opened = page.context().waitForEvent('page');
    await page.getByRole('dialog').getByRole('button', { name: 'Sign in in a new tab' }).click();
    const login = await opened;
    await login.getByRole('button', { name: 'olga' }).click();
    await login.getByText('You are signed in.').waitFor();
    await login.close();
    await page.bringToFront();
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByText(/\d+ handles found\./).waitFor();
  });

  it('outlives a restart of the gateway, and so does what was typed', async () => {
    const { console: url } = journey.driver.info.services;
    const page = await chromium.signedIn(url, 'olga', '/o/acme-us/connections/new');
    await page.getByLabel('Connection Name').fill('Globex EU');
    await journey.stack.stop('console-gateway');
    await journey.stack.start('console-gateway');
    expect(await page.getByLabel('Connection Name').inputValue()).toBe('Globex EU');
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('link', { name: 'Handles' }).first().click();
    await page.getByRole('heading', { name: 'Handles' }).waitFor();
    await page
      .getByText(/handle/)
      .first()
      .waitFor();
  });
});
