import type { Page } from 'playwright-core';
import { answers, measured } from '../../console/in-page.js';

interface Entry {
  readonly startTime: number;
  readonly value?: number;
  readonly hadRecentInput?: boolean;
}

const entriesOf = (page: Page, type: string): Promise<readonly Entry[]> =>
  page.evaluate<Entry[], string>(measured, type);

/** Returns the largest contentful paint of a page in ms, and how much of its layout has shifted. */
export async function largestPaint(page: Page): Promise<{ readonly lcpMs: number; readonly cls: number }> {
  const paints = await entriesOf(page, 'largest-contentful-paint');
  const shifts = (await entriesOf(page, 'layout-shift')).filter(({ hadRecentInput }) => !hadRecentInput);
  return {
    lcpMs: paints.at(-1)?.startTime ?? Number.POSITIVE_INFINITY,
    cls: shifts.reduce((sum, { value = 0 }) => sum + value, 0),
  };
}

/** Returns how long the 98th of a hundred keys and clicks took until the page had answered it, in ms. */
export async function slowAnswer(page: Page): Promise<number> {
  const durations = (await page.evaluate<number[]>(answers)).toSorted((a, b) => a - b);
  return durations[Math.min(durations.length - 1, Math.floor(durations.length * 0.98))] ?? 0;
}
