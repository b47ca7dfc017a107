import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ConsumedRecord } from '@pagebridge/kafka';
import { allTopics, Driver, Progress, Stack, type StackInfo } from '@pagebridge/local-stack';
import { placeOf } from '@pagebridge/vocabulary';
import type { Page } from 'playwright-core';
import { sourceOrg } from '../../deploy/local/demo/stage.ts';
import { playStory, storyEnv } from '../../deploy/local/demo/story.ts';
import { Timeline } from '../../deploy/local/demo/timeline.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const chromium = new Chromium();
const stack = new Stack({
  name: 'console-demo',
  progress: new Progress(),
  env: storyEnv,
});
let driver: Driver;
let info: StackInfo;

beforeAll(async () => {
  info = await stack.start();
  driver = new Driver(info, 'ada');
  await driver.open();
  const [globex, initech] = info.destinations;
  if (!globex || !initech) throw new Error('the demo requires two destination orgs');
  expect(await playStory({ driver, services: stack, timeline: new Timeline(), globex, initech })).toBe(true);
}, 240_000);
afterAll(async () => {
  await driver?.close();
  await stack.stop();
});

const lineOf = (record: ConsumedRecord) => `${placeOf(record)} ${new Date(record.timestamp).toISOString()}`;

/** The place and the time of each record about an alert of the org, by the keys of the alerts. */
function written(): Map<string, string[]> {
  const prefix = `${sourceOrg}/`;
  const records = allTopics
    .filter((topic) => /^paging\.(alerts|org-alerts|unrouted-handles|page-commands|page-outcomes)\./.test(topic))
    .flatMap((topic) => driver.watch.recordsOf(topic))
    .filter(({ key }) => String(key).startsWith(prefix));
  const byKey = Map.groupBy(records, ({ key }) => String(key).slice(prefix.length));
  return new Map([...byKey].map(([key, its]) => [key, its.map(lineOf)]));
}

/** The place and the time of each record that the screen shows, in each firing, without reports about connections. */
async function shown(page: Page): Promise<string[]> {
  const lines: string[] = [];
  const firings = page.getByLabel('Firing');
  const numbers = (await firings.count()) === 0 ? [undefined] : await firings.locator('option').allTextContents();
  for (const number of numbers) {
    if (number !== undefined) await firings.selectOption(number);
    for (const button of await page.getByRole('button', { name: /^Show \d+/ }).all()) await button.click();
    for (const hop of await page.locator('[data-hop]').all()) {
      const at = await hop.locator('> [title]').getAttribute('title');
      lines.push(`${await hop.getAttribute('data-hop')} ${at}`);
    }
  }
  return lines.filter((line) => !line.startsWith('paging.connection-reports'));
}

describeInChromium('the scenes of the demo', () => {
  it('have in the trace of each alert every record of the topics, once and with its time, and every page of the destinations', async () => {
    const expected = written();
    expect(expected.size).toBeGreaterThan(5);
    const seen = new Map<string, string[]>();
    const texts: string[] = [];
    const page = await chromium.signedIn(info.services.console, 'ada', `/o/${sourceOrg}/alerts`);
    for (const key of expected.keys()) {
      await page.goto(`${info.services.console}/o/${sourceOrg}/trace?alert=${encodeURIComponent(key)}`);
      await page.getByText(/^(Complete|Incomplete), as of/).waitFor();
      seen.set(key, await shown(page));
      texts.push((await page.locator('main').textContent()) ?? '');
    }
    const sorted = (lines: ReadonlyMap<string, string[]>) => [...lines].map(([key, its]) => [key, its.toSorted()]);
    expect(sorted(seen)).toEqual(sorted(expected));
    for (const destination of info.destinations) {
      for (const { id, title } of await driver.sandbox(destination).pages()) {
        // Of two pages that an answer was lost between, the trace knows one, and says that there may be two.
        const telling = texts.filter(
          (its) => its.includes(id) || (its.includes(title) && its.includes('possibly twice')),
        );
        expect({ id, isTold: telling.length > 0 }).toEqual({ id, isTold: true });
      }
    }
  });

  it('are the same rows to a viewer who opens the filtered address of an admin', async () => {
    const hers = await chromium.signedIn(info.services.console, 'ada', `/o/${sourceOrg}/alerts`);
    await hers.getByLabel('State').selectOption('Resolved');
    await hers.waitForURL(/state=resolved/);
    await hers.getByLabel('Period').selectOption('30d');
    await hers.waitForURL(/from=30d/);
    await hers.getByRole('table', { name: 'Alerts' }).getByText('Resolved').first().waitFor();
    const { pathname, search, searchParams } = new URL(hers.url());
    expect(Object.fromEntries(searchParams)).toEqual({ state: 'resolved', from: '30d' });
    const his = await chromium.signedIn(info.services.console, 'vik', `${pathname}${search}`);
    await his.getByRole('table', { name: 'Alerts' }).waitFor();
    const rowsOf = (page: Page) => page.getByRole('table', { name: 'Alerts' }).getByRole('row').allTextContents();
    expect(await rowsOf(his)).toEqual(await rowsOf(hers));
  });
});
