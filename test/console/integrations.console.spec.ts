import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { call, integrate, root } from '@pagebridge/local-stack';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();
const path = '/o/acme-us/integrations';

/** Returns how alert-intake answers a request that is none of Alertmanager's: 400 to a token of an integration of this kind. */
async function statusWith(token: string): Promise<number> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const url = `${journey.driver.info.services.alertIntake}/v1/intake/alertmanager`;
  return (await fetch(url, { method: 'POST', headers, body: '[]' })).status;
}

describeInChromium('an admin', () => {
  it('adds an integration, reads its token once, makes another, and deletes it', async () => {
    const name = uniqueName('prometheus');
    const page = await chromium.signedIn(journey.driver.info.services.console, 'ada', path);
    const said: string[] = [];
    page.on('console', (message) => said.push(message.text()));
    page.on('request', (request) => said.push(request.url()));
    const drawer = page.getByRole('dialog');
    /** Reads the token in the drawer, and closes that. */
    const takeToken = async () => {
      const token = (await drawer.locator('code').filter({ hasText: /^pbt_/ }).textContent()) ?? '';
      await page.keyboard.press('Escape');
      await page.getByText('Did you store the token? It is not shown again.').waitFor();
      await page.getByRole('button', { name: 'Leave' }).click();
      await drawer.first().waitFor({ state: 'detached' });
      return token;
    };

    await page.getByRole('link', { name: 'Add integration' }).click();
    await drawer.getByLabel('Name').fill(name);
    await drawer.getByLabel('Alerting system').selectOption('Prometheus Alertmanager');
    await drawer.getByLabel('Default handle').fill('core infra');
    await drawer.getByRole('button', { name: 'Add integration' }).click();
    await drawer.getByText(/It must be a team handle/).waitFor();
    await drawer.getByLabel('Default handle').fill('core-infra');
    await drawer.getByRole('button', { name: 'Add integration' }).click();
    await drawer.getByRole('button', { name: 'Copy the token' }).waitFor();
    const example = readFileSync(join(root, 'docs/how-to/examples/alertmanager.yml'), 'utf8');
    expect(await drawer.locator('pre').allTextContents()).toEqual([
      'https://<your intake>/v1/intake/alertmanager',
      example.trim().replace('intake.example.com', '<your intake>'),
    ]);
    expect(await drawer.locator('pre mark').allTextContents()).toEqual(['/etc/alertmanager/pagebridge.token']);
    const first = await takeToken();
    await waitFor('a token that alert-intake knows', async () => (await statusWith(first)) === 400);
    await page.getByRole('row', { name: `${name} Prometheus Alertmanager @oncall-core-infra` }).waitFor();
    await page.getByRole('row', { name: /^Rejected .*, paged nobody: alerts is not a list/ }).waitFor();

    await page.getByRole('link', { name: `New token of ${name}` }).click();
    await drawer.getByRole('button', { name: 'Create token' }).click();
    const second = await takeToken();
    const kept = 'JSON.stringify([localStorage, sessionStorage, history.state, document.cookie, location.href])';
    const everything = [...said, await page.evaluate<string>(kept), await page.content()].join();
    for (const token of [first, second]) expect(everything).not.toContain(token);
    expect(second).not.toBe(first);

    await page.getByRole('link', { name: 'Add integration' }).click();
    await drawer.getByLabel('Name').fill(name);
    await drawer.getByLabel('Alerting system').selectOption('Grafana');
    await drawer.getByRole('button', { name: 'Add integration' }).click();
    await drawer.getByText('It is already used: another integration').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Leave' }).click();

    await page.getByRole('link', { name: `Delete ${name}` }).click();
    await drawer.getByLabel(`Type the name: ${name}`).fill(name);
    await drawer.getByRole('button', { name: 'Delete' }).click();
    await page.getByRole('row', { name }).waitFor({ state: 'detached' });
    await waitFor('the end of its tokens', async () => (await statusWith(second)) === 401);
  });

  it('reads how many alerts of an integration named no handle, and the cure', async () => {
    const { info } = journey.driver;
    const authorization = `Bearer ${await integrate(info, uniqueName('scripts'), 'alerts')}`;
    const alerts = ['a', 'b', 'c'].map((key) => ({ key, status: 'firing', title: 'Disk full' }));
    await call('POST', `${info.services.alertIntake}/v1/intake/alerts`, alerts, { authorization });
    const page = await chromium.signedIn(info.services.console, 'ada', path);
    const said = /^Without handle 3 alerts named no handle, .* Add @oncall-<team> to the alert or a default handle/;
    await page.getByRole('row', { name: said }).waitFor();
  });
});

describeInChromium('a viewer', () => {
  it('reads why integrations are neither shown nor added', async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'vik', path);
    await page
      .getByText('You cannot see the integrations of acme-us: this requires tokens:read (role admin).')
      .waitFor();
    const add = page.getByRole('button', { name: 'Add integration' });
    expect(await add.getAttribute('aria-disabled')).toBe('true');
    await add.focus();
    await page.getByRole('tooltip').getByText('Requires tokens:write in acme-us (role admin).').waitFor();
  });
});
