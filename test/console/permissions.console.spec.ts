import { expect, it } from '@jest/globals';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();

describeInChromium('a viewer', () => {
  it('reads connections, handles and Explain, and is told what each other action needs', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'vik', '/o/acme-us/connections');
    const add = page.getByRole('button', { name: 'Add connection' }).first();
    await add.waitFor();
    expect(await add.getAttribute('aria-disabled')).toBe('true');
    await add.focus();
    await page.getByRole('tooltip').getByText('Requires credentials:write in acme-us (role admin).').waitFor();
    await page.keyboard.press('Enter');
    expect(page.url()).toMatch(/\/o\/acme-us\/connections$/);
  });

  it('is told which right the audit needs, and sees no screen of which it may see nothing', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'vik', '/o/acme-us/audit');
    await page.getByText('You cannot see the audit of acme-us: this requires audit:read (role admin).').waitFor();
    const screens = page.getByRole('navigation', { name: 'Screens' }).getByRole('link');
    expect(await screens.allTextContents()).toEqual(['Alerts', 'Connections', 'Handles', 'Explain']);
    await page.getByRole('button', { name: 'More' }).click();
    expect(await page.getByRole('menuitem').allTextContents()).toEqual([
      'Dead letters',
      'Map',
      'Test page',
      'Settings',
    ]);
  });
});

describeInChromium('an admin of another org', () => {
  it('reads that there is no such org, or that it may not be seen', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'bea', '/o/acme-us/connections');
    await page.getByText('Source org acme-us does not exist, or you have no access to it.').waitFor();
    await page.getByRole('link', { name: 'Your orgs' }).click();
    await page.getByRole('link', { name: 'initech-us' }).first().waitFor();
  });
});
