import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@jest/globals';
import { localFolder } from '@pagebridge/local-stack';
import type { Page } from 'playwright-core';
import { overflow } from './in-page.js';

const folder = join(localFolder, 'console-pictures');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

const large = { width: 1280, height: 800 };
const small = { width: 320, height: 640 };

/** The themes and widths in which every screen is looked at. */
export const looks = [
  { colorScheme: 'light', forcedColors: 'none', viewport: large },
  { colorScheme: 'light', forcedColors: 'none', viewport: small },
  { colorScheme: 'dark', forcedColors: 'none', viewport: large },
  { colorScheme: 'dark', forcedColors: 'none', viewport: small },
  { colorScheme: 'dark', forcedColors: 'active', viewport: large },
] as const;
export type Look = (typeof looks)[number];

/** Waits until a screen shows what it has, then expects that everybody can use it; keeps its picture under `.local/console-pictures`. */
export async function expectUsable(
  page: Page,
  name: string,
  { colorScheme, forcedColors, viewport }: Look,
): Promise<void> {
  await page.locator('h1').waitFor();
  await page.locator('[data-loading], [aria-busy="true"]').first().waitFor({ state: 'detached' });
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
}
