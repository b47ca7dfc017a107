import { expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();

/* One org's way from no connection to a page, in a browser. */
describeInChromium('the console', () => {
  it('adds a connection, lists its handles, and mends a text that pages nobody', async () => {
    const acme = journey.sourceOrg();
    const { console: url } = journey.driver.info.services;
    const { dataCenter, apiKey, applicationKey } = journey.globex;
    const page = await chromium.signedIn(url, 'olga', `/o/${acme.id}/connections`);
    await page.getByText('No connection yet.').waitFor();
    await page.getByRole('link', { name: 'Add connection' }).first().click();
    await page.getByLabel('Connection Name').fill('Globex EU');
    await page.getByLabel('Datacenter').selectOption(dataCenter);
    await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(apiKey);
    await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(applicationKey);
    await page.getByRole('button', { name: 'Add connection' }).click();
    await page.getByText(/\d+ handles found\./).waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('row', { name: /Active Globex EU/ }).waitFor();
    expect((await acme.handles('core'))[0]).toBe('@oncall-core-infra');

    await page.getByRole('link', { name: 'Handles' }).click();
    await page.getByRole('cell', { name: '@oncall-core-infra' }).first().waitFor();

    await page.getByRole('link', { name: 'Explain' }).click();
    await page.getByLabel('Message').fill('High memory usage. @oncall-core-infr');
    await page.getByRole('button', { name: 'Use it' }).click();
    await waitFor('the mended text', async () => {
      return (await page.getByLabel('Message').inputValue()) === 'High memory usage. @oncall-core-infra';
    });
    await page
      .getByText(/team core-infra over Globex EU/)
      .first()
      .waitFor();
  });
});
