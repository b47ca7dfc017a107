import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from '@jest/globals';
import { claimFolder, Processes, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';
import { type Keycloak, startKeycloak } from './keycloak.ts';

/* A real Keycloak in place of the local OpenID provider, with the realm, the client and the policy of docs/access.md. */
const stackFile = process.env.PAGEBRIDGE_STACK_FILE ?? '';
const policyFile = join(dirname(stackFile), 'keycloak-policy.json');
const policy = { ACCESS_POLICY_FILE: policyFile };
const gateway: Record<string, string> = { OIDC_RESOURCE: '', OIDC_SCOPE: 'openid profile' };
const processes = new Processes(claimFolder('test-keycloak'));
const keycloak = await started();
const journey = new Journey({
  env: { 'connection-management': policy, 'handle-sync': policy, 'page-routing': policy, 'console-gateway': gateway },
});
const chromium = new Chromium();

async function started(): Promise<Keycloak> {
  const { services } = JSON.parse(readFileSync(stackFile, 'utf8')) as StackInfo;
  const its = await startKeycloak(processes, services.console);
  const { issuers, rules } = JSON.parse(readFileSync(join(dirname(stackFile), 'access-policy.json'), 'utf8'));
  const [{ issuer: local }] = issuers;
  const own = rules.map((rule: object) => ({ ...rule, issuer: local }));
  const groups = { issuer: its.issuer, claim: 'groups', value: 'pagebridge-{sourceOrg}-admins', role: 'admin' };
  const both = [...issuers, { issuer: its.issuer, audience: 'pagebridge' }];
  writeFileSync(policyFile, JSON.stringify({ issuers: both, rules: [...own, groups] }));
  Object.assign(gateway, { OIDC_ISSUER: its.issuer, OIDC_CLIENT_ID: its.clientId });
  return its;
}

afterAll(() => processes.killAll());

describeInChromium('with Keycloak', () => {
  it('a person logs in, works on while refresh tokens rotate, in several tabs, and logs out', async () => {
    const { console: url } = journey.driver.info.services;
    const page = await chromium.page(url);
    await page.goto(`${url}/o/acme-us/connections`);
    await page.locator('#username').fill(keycloak.person);
    await page.locator('#password').fill(keycloak.password);
    await page.locator('#kc-login').click();
    await page.getByRole('heading', { name: 'Connections' }).waitFor();
    await page.getByRole('banner').getByText('Ada Admin').waitFor();

    const tabs = [page];
    for (const path of ['handles', 'audit', 'settings']) {
      const tab = await page.context().newPage();
      await tab.goto(`${url}/o/acme-us/${path}`);
      await tab.locator('h1').waitFor();
      tabs.push(tab);
    }
    const renewals: number[] = [];
    page.context().on('response', (response) => {
      if (response.url().endsWith('/session/renew')) renewals.push(response.status());
    });
    // Access tokens live for 20 seconds; the lists are read again every 15.
    await waitFor('three renewals', () => {
      for (const tab of tabs) void tab.bringToFront().catch(() => undefined);
      return renewals.length >= 3;
    });
    expect(new Set(renewals)).toEqual(new Set([200]));
    for (const tab of tabs) expect(await tab.getByText('You are signed out').count()).toBe(0);

    await page.bringToFront();
    await page.getByRole('button', { name: /Ada Admin/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).click();
    await page.locator('#username, #kc-logout').first().waitFor();
  });
});
