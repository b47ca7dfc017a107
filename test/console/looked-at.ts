import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@jest/globals';
import { localFolder } from '@pagebridge/local-stack';
import type { Page } from 'playwright-core';
import { overflow, shownTables } from './in-page.js';

const folder = join(localFolder, 'console-pictures');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const large = { width: 1280, height: 800 };
const small = { width: 320, height: 640 };
/** A window of 1280 × 1024 at 400 %. */
const zoomed = { width: 320, height: 256 };

/** The element that has each role in a table. */
const elementOf: Readonly<Record<string, string>> = {
  table: 'table',
  columnheader: 'th',
  rowheader: 'th',
  row: 'tr',
  cell: 'td',
  gridcell: 'td',
};

/** The themes and widths in which every screen is looked at. */
export const looks = [
  { colorScheme: 'light', forcedColors: 'none', viewport: large },
  { colorScheme: 'light', forcedColors: 'none', viewport: small },
  { colorScheme: 'dark', forcedColors: 'none', viewport: large },
  { colorScheme: 'dark', forcedColors: 'none', viewport: small },
  { colorScheme: 'dark', forcedColors: 'active', viewport: large },
] as const;
export type Look = (typeof looks)[number];

/** Waits until a screen shows what it has, then expects as `expectUsableNow`. */
export async function expectUsable(page: Page, name: string, look: Look): Promise<void> {
  await page.locator('h1').waitFor();
  await page.locator('[data-loading], [aria-busy="true"]').first().waitFor({ state: 'detached' });
  await expectUsableNow(page, name, look);
}

/** Expects that everybody can use a screen as it is; keeps its picture under `.local/console-pictures`. */
export async function expectUsableNow(
  page: Page,
  name: string,
  { colorScheme, forcedColors, viewport }: Look,
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  const look = forcedColors === 'active' ? 'forced-colours' : `${colorScheme}-${viewport.width}`;
  await page.screenshot({ path: join(folder, `${name}-${look}.png`), fullPage: true });
  // axe reads the colours of the page, in whose place the browser paints those of the system.
  const unknowable = forcedColors === 'active' ? ['color-contrast'] : [];
  const { violations } = await new AxeBuilder({ page }).withTags(tags).disableRules(unknowable).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
  expect({ name, found }).toEqual({ name, found: [] });
  expect({ name, overflow: await page.evaluate(overflow) }).toEqual({ name, overflow: 0 });
  if (viewport === small) await expectUsableSmall(page, name);
}

/** Expects that nothing scrolls sideways at 400 %, and that a table whose rows are cards is still one for a screen reader. */
async function expectUsableSmall(page: Page, name: string): Promise<void> {
  await page.setViewportSize(zoomed);
  expect({ name, zoomed: await page.evaluate(overflow) }).toEqual({ name, zoomed: 0 });
  await page.setViewportSize(small);
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send('Accessibility.getFullAXTree');
  await session.detach();
  const read = nodes.flatMap(({ ignored, role }) => (ignored ? [] : (elementOf[role?.value] ?? []))).toSorted();
  expect({ name, read }).toEqual({ name, read: await page.evaluate(shownTables) });
}
