import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import { expect } from '@jest/globals';
import { localFolder } from '@pagebridge/local-stack';
import type { Page } from 'playwright-core';
import { overflow } from './in-page.js';

const folder = join(localFolder, 'console-pictures');
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];

/** The themes and widths in which every screen is looked at. */
export const looks = (['light', 'dark'] as const).flatMap((colorScheme) =>
  [1280, 320].map((width) => ({ colorScheme, viewport: { width, height: width === 320 ? 640 : 800 } })),
);
export type Look = (typeof looks)[number];

/** Waits until a screen shows what it has, then expects that everybody can use it; keeps its picture under `.local/console-pictures`. */
export async function expectUsable(page: Page, name: string, { colorScheme, viewport }: Look): Promise<void> {
  await page.locator('h1').waitFor();
  await page.locator('[aria-busy="true"]').first().waitFor({ state: 'detached' });
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}-${colorScheme}-${viewport.width}.png`), fullPage: true });
  const { violations } = await new AxeBuilder({ page }).withTags(tags).analyze();
  const found = violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
  expect({ name, found }).toEqual({ name, found: [] });
  expect({ name, overflow: await page.evaluate(overflow) }).toEqual({ name, overflow: 0 });
}
