import { beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName } from '@pagebridge/testing';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { answer, away, changed, click, nothing, type } from './answers.ts';
import { signIn } from './browser.ts';
import { Chromium } from './chromium.ts';
import { keepMotions, motions } from './in-page.js';
import { expectUsableNow, type Look, looks } from './looked-at.ts';

const journey = new Journey();
const chromium = new Chromium();
/** In which a screen crashes, which the console writes as an error. */
const crashing = new Chromium(
  /The code of this screen could not be loaded|is not a function|TypeError|Cannot (read|destructure) prop/,
);
let acme: SourceOrg;
/** Of the connection. */
let id: string;

beforeAll(async () => {
  acme = journey.sourceOrg();
  id = await acme.connect(journey.globex, 'Globex EU');
  const { connectionManagement } = journey.driver.info.services;
  const integration = { name: 'grafana-eu', kind: 'grafana' };
  await journey.driver.call('POST', `${connectionManagement}/v1/source-orgs/${acme.id}/integrations`, integration);
});

type Act = (page: Page) => Promise<unknown>;
/** Its name, its path below the org, what only it says, what is done before the screen is opened, and what after that. */
type State = readonly [name: string, path: string, words: string | RegExp, before?: Act, after?: Act];

const unanswered = (page: Page) => page.route(connections, () => {});
const asOf = (ms: number) => () => ({ asOf: new Date(Date.now() - ms).toISOString() });
const without = (service: string) => (body: { services: string[] }) => ({
  services: body.services.filter((its) => its !== service),
});
const forbidden = { code: 'missing-permission', permission: 'audit:read' };

const connections = '**/connections?*';
const handles = '**/handles?*';
const alerts = '**/v1/source-orgs/*/alerts?*';

/** Signs out, at an issuer that ends its own session or not. */
const signOut = (ending: object) => async (page: Page) => {
  await answer('**/logout', 200, { issuer: 'https://login.example.com/realms/paging', ...ending })(page);
  await page.getByRole('banner').getByRole('button', { name: /olga/ }).click();
  await answer('**/session', 401, { code: 'signed-out' })(page);
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
};

/** Lets connection-management be away once it has listed the connections. */
async function goAway(page: Page): Promise<void> {
  await page.getByText('Globex EU').first().waitFor();
  await away(connections, 'connection-management')(page);
  await click('Refresh')(page);
}

/** Changes the settings after another person has signed in. */
async function changeAsOther(page: Page): Promise<void> {
  await page.getByLabel('Fallback handle').fill('@oncall-core-infra');
  await changed('**/session', { subject: 'ada', name: 'ada' })(page);
  const refused = { status: 409, json: { code: 'other-person', detail: 'Another person is signed in now.' } };
  await page.route(`**/v1/source-orgs/${acme.id}`, (route) =>
    route.request().method() === 'PUT' ? route.fulfill(refused) : route.fallback(),
  );
  await click('Save')(page);
}

const refuseKeys = (page: Page) =>
  page.route('**/connections', (route) =>
    route.fulfill({
      status: 429,
      headers: { 'ratelimit-policy': '"refused-keys";q=20;w=3600' },
      json: { code: 'limit-reached', limit: 'refused-keys', retryAfterMs: 600_000 },
    }),
  );

async function addConnection(page: Page): Promise<void> {
  await page.getByLabel('Connection Name').fill('Globex for payments');
  await page.getByLabel('Datacenter').selectOption(journey.globex.dataCenter);
  await page.getByRole('textbox', { name: 'API Key', exact: true }).fill(journey.globex.apiKey);
  await page.getByRole('textbox', { name: 'Application Key', exact: true }).fill(journey.globex.applicationKey);
  await click('Add connection')(page);
}

async function changeMeanwhile(page: Page): Promise<void> {
  const url = `${journey.driver.info.services.connectionManagement}/v1/source-orgs/${acme.id}/connections/${id}`;
  await page.getByLabel('Slug').fill('globex-of-mine');
  await journey.driver.call('PATCH', url, { name: uniqueName('Globex EU') }, { 'if-match': '*' });
  await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
  await click('Compare versions')(page);
  await journey.driver.call('PATCH', url, { name: 'Globex EU' }, { 'if-match': '*' });
}

const everywhere = { isTokenRevoked: true, endSessionUrl: '#ended' };
const lost = answer('**/sync', 503, { code: 'database-answer-lost' });
const created = answer('**/tokens', 201, { token: 'pbt_of_nobody' });
const noGrant = answer('**/v1/me', 200, { subject: 'eve', grants: [] });
const noCode = (page: Page) => page.route('**/assets/handles-screen-*', (route) => route.abort());

const states: readonly State[] = [
  ['still-waiting', '/connections', /^Still waiting for/, unanswered],
  ['away-nothing-known', '/handles', /^Cannot load handles: handle-sync is unavailable/, away(handles, 'handle-sync')],
  ['away-something-known', '/connections', /is unavailable \(503\)\. Data as of/, nothing, goAway],
  ['history-behind', '/alerts', /^The history is 4 min( \d+ s)? behind\./, changed(alerts, asOf(245_000))],
  ['history-begins', '/alerts', /^The history is loading the topics/, changed(alerts, { asOf: null })],
  ['history-away', '/trace?alert=monitor-1', /^The history is unavailable\./, away('**/v1/**/trace?*', 'page-history')],
  ['no-history', '/alerts', /^This installation has no history\./, changed('**/session', without('page-history'))],
  ['forbidden', '/audit', /^You cannot see the audit of .*: this requires/, answer('**/audit?*', 403, forbidden)],
  ['signed-out', '/handles', 'You are signed out of Pagebridge.', nothing, signOut(everywhere)],
  ['signed-out-here-only', '/handles', /has not revoked this session/, nothing, signOut({ isTokenRevoked: false })],
  ['other-person', '/settings', /^ada is signed in now, but somebody else opened this page\./, nothing, changeAsOther],
  ['no-connection', '/connections', /^No connection yet\./, answer(connections, 200, { items: [], total: 0 })],
  ['too-many-key-pairs', '/connections/new', /^20 key pairs were rejected .* Try again at/, refuseKeys, addConnection],
  ['no-such-handle', '/explain', 'No handle contains "nobody".', nothing, type('Disk full @oncall-nobody')],
  [
    'explain-without-handles',
    '/explain',
    /^Cannot list handles: handle-sync is unavailable\./,
    away(handles, 'handle-sync'),
    type('Disk full @oncall-cor'),
  ],
  ['explain-away', '/explain', /page-routing is unavailable/, away('**/v1/explain', 'page-routing'), type('Disk full')],
  ['answer-lost', '/connections/{id}', /The change may have been stored/, lost, click('Sync now')],
  ['changed-meanwhile', '/connections/{id}/backup', 'When you opened it', nothing, changeMeanwhile],
  ['token-of-integration', '/integrations/grafana-eu/token', 'pbt_of_nobody', created, click('Create token')],
  ['no-org', '/../../orgs', /the access policy gives you no source org/, noGrant],
];
const crashes: readonly State[] = [
  ['a-bug', '/handles', /^This screen failed because of a bug/, answer(handles, 200, { items: [null] })],
  // The header reads the connections, too.
  [
    'a-bug-in-the-header',
    '/connections',
    /^This screen failed because of a bug/,
    answer(connections, 200, { items: 4 }),
  ],
  ['code-missing', '/handles', /^This screen could not be loaded/, noCode],
];

/** Leads a page to a state, and expects that everybody can use it. */
async function expectUsableIn([name, path, words, before = nothing, after = nothing]: State, page: Page, look: Look) {
  await before(page);
  await page.goto(`${journey.driver.info.services.console}/o/${acme.id}${path.replace('{id}', id)}`);
  await after(page);
  await page.getByText(words).first().waitFor({ timeout: 30_000 });
  await expectUsableNow(page, `rare-${name}`, look);
}

describe.each(looks)('in $colorScheme at $viewport.width px, forced colours $forcedColors', (look) => {
  let storageState: Exclude<BrowserContextOptions['storageState'], undefined>;

  beforeAll(async () => {
    const page = await chromium.signedIn(journey.driver.info.services.console, 'olga', '/orgs');
    storageState = await page.context().storageState();
  });

  it.each(states)('%s can be read by everybody', async (...state) => {
    const page = await chromium.page(journey.driver.info.services.console, { ...look, storageState });
    await expectUsableIn(state, page, look);
  });

  it.each(crashes)('%s can be read by everybody', async (...state) => {
    const page = await crashing.page(journey.driver.info.services.console, { ...look, storageState });
    await expectUsableIn(state, page, look);
  });
});

describe('a person who wants', () => {
  it.each([
    ['reduced motion sees nothing move', 'reduce', false],
    ['motion sees the border of a field fade', 'no-preference', true],
  ] as const)('%s', async (_what, reducedMotion, isMoving) => {
    const { console: url } = journey.driver.info.services;
    const page = await chromium.page(url, { reducedMotion });
    await page.addInitScript(keepMotions);
    await page.route('**/sync', () => {});
    await signIn(page, `${url}/o/${acme.id}/connections/${id}`, 'olga');
    await page.getByRole('banner').getByRole('button', { name: /olga/ }).click();
    await page.getByRole('menuitem', { name: 'Sign out' }).waitFor();
    await page.keyboard.press('Escape');
    await click('Sync now')(page);
    await page.getByRole('link', { name: 'Delete' }).click();
    await page.getByRole('dialog').getByRole('textbox').first().fill('Globex');
    const moved = await page.evaluate(motions);
    if (isMoving) expect(moved).not.toEqual([]);
    else expect(moved).toEqual([]);
  });
});
