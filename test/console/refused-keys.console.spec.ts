import { expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();

describeInChromium('keys that do not pass their checks', () => {
  it('are told check by check, each with its cure; nothing is stored, and nothing has to be typed again', async () => {
    const acme = journey.sourceOrg();
    const page = await chromium.signedIn(journey.driver.info.services.console, 'olga', `/o/${acme.id}/connections/new`);
    await page.getByLabel('Connection Name').fill('Globex EU');
    await page.getByLabel('Datacenter').selectOption(journey.globex.dataCenter);
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill('wrong-application-key');
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByText(/Nothing was stored\. \d+ of \d+ checks failed\./).waitFor();
    await page
      .getByText(/the destination rejects the application key/)
      .first()
      .waitFor();
    await page
      .getByRole('button', { name: /^Copy the fix for/ })
      .first()
      .waitFor();
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByText(/\d+ handles found\./).waitFor();
  });

  it('are nowhere but in their fields: not in the address, in storage, in a cache, or in what the page logs', async () => {
    const acme = journey.sourceOrg();
    const canary = 'canary-7f3a9c0e-application-key';
    const page = await chromium.signedIn(journey.driver.info.services.console, 'olga', `/o/${acme.id}/connections/new`);
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => said.push(request.url()));
    await page.getByLabel('Connection Name').fill('Globex EU');
    await page.getByLabel('Datacenter').selectOption(journey.globex.dataCenter);
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(canary);
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByText(/Nothing was stored/).waitFor();
    const stored = () =>
      page.evaluate<string>(
        'JSON.stringify([localStorage, sessionStorage, history.state, document.cookie, location.href])',
      );
    expect([await stored(), ...said].filter((text) => text.includes(canary))).toEqual([]);
    expect(await page.evaluate<string>('document.documentElement.outerHTML')).not.toContain(canary);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Leave' }).click();
    await page.getByRole('dialog').first().waitFor({ state: 'detached' });
    await page.reload();
    await page.locator('h1').waitFor();
    expect([await stored(), await page.content(), ...said].filter((text) => text.includes(canary))).toEqual([]);
    expect(journey.logs.text()).not.toContain(canary);
  });
});
