import { beforeAll, expect, it } from '@jest/globals';
import { anAlert, waitFor } from '@pagebridge/testing';
import fc from 'fast-check';
import type { BrowserContextOptions, Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();
let acme: SourceOrg;

beforeAll(async () => {
  acme = journey.sourceOrg();
  await acme.connect(journey.globex, 'Globex EU');
});

async function opened(options: BrowserContextOptions = {}) {
  const { console: url } = journey.driver.info.services;
  const page = await chromium.signedIn(url, 'olga', `/o/${acme.id}/explain`, options);
  return { page, message: page.getByLabel('Message'), menu: page.getByRole('listbox', { name: 'Handles' }) };
}

describeInChromium('the menu of handles', () => {
  it('is used with the keys alone: it inserts a handle, can be undone, and leaves the focus in the text', async () => {
    const { page, message, menu } = await opened();
    await message.pressSequentially('Disk full @oncall-core');
    await menu.getByRole('option', { name: /@oncall-core-infra/ }).waitFor();
    const selected = await menu.getByRole('option', { selected: true }).getAttribute('id');
    // The browser shows the list before the field names its selected option.
    await waitFor('the active option', async () => (await message.getAttribute('aria-activedescendant')) === selected);
    await page.keyboard.press('Enter');
    expect(await message.inputValue()).toMatch(/^Disk full @oncall-core-infra ?$/);
    expect(await message.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
    await page.keyboard.press('Control+z');
    expect(await message.inputValue()).toBe('Disk full @oncall-core');
  });

  it('closes with Esc, alone, and with a Tab the focus goes on', async () => {
    const { page, message, menu } = await opened();
    await message.pressSequentially('@oncall-pay');
    await menu.waitFor();
    await page.keyboard.press('Escape');
    await menu.waitFor({ state: 'detached' });
    expect(await message.inputValue()).toBe('@oncall-pay');
    await page.keyboard.press('Tab');
    expect(await message.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(false);
  });

  it('is used by touch on the smallest screen, and the focus stays in the text', async () => {
    const { message, menu } = await opened({ viewport: { width: 320, height: 640 }, hasTouch: true });
    await message.tap();
    await message.pressSequentially('Disk full @oncall-core');
    await menu.getByRole('option', { name: /@oncall-core-infra/ }).tap();
    await menu.waitFor({ state: 'detached' });
    expect(await message.inputValue()).toMatch(/^Disk full @oncall-core-infra ?$/);
    expect(await message.evaluate((field) => field === field.ownerDocument.activeElement)).toBe(true);
  });

  it('says that no handle contains what was typed', async () => {
    const { page, message } = await opened();
    await message.pressSequentially('@oncall-xyz');
    await page.getByText('No handle contains "xyz".').waitFor();
  });
});

describeInChromium('a text', () => {
  it('is neither lost nor doubled by a composition or by 60 KiB at once', async () => {
    const { page, message } = await opened();
    await message.focus();
    const session = await page.context().newCDPSession(page);
    await session.send('Input.imeSetComposition', { text: 'しょうがい', selectionStart: 5, selectionEnd: 5 });
    await session.send('Input.insertText', { text: '障害。' });
    await message.pressSequentially('@oncall-core-infra ');
    expect(await message.inputValue()).toBe('障害。@oncall-core-infra ');
    await page
      .getByText(/team core-infra over Globex EU/)
      .first()
      .waitFor();
    const long = 'a line of a stack trace\n'.repeat(2500);
    await page.keyboard.insertText(long);
    expect((await message.inputValue()).length).toBe('障害。@oncall-core-infra '.length + long.length);
    await page
      .getByText(/team core-infra over Globex EU/)
      .first()
      .waitFor();
  });

  it('has the decisions of page-routing, whatever it is, and an older answer never replaces a newer one', async () => {
    const { page, message } = await opened();
    const pieces = [
      '@oncall-core-infra',
      '@oncall-payments',
      '@oncall-globex-eu/core-infra',
      '@oncall-core-infr',
      '@oncall-x',
      ' ',
      '.',
      '\n',
      '(',
      'a',
      '障害',
      '@',
    ];
    const texts = fc.sample(
      fc.array(fc.constantFrom(...pieces), { minLength: 1, maxLength: 8 }).map((parts) => `${parts.join('')} end`),
      { numRuns: 200, seed: 33 },
    );
    for (const text of texts) {
      await message.fill(text);
      const expected = await decisionsExplained(text);
      await waitFor(`the decisions of ${JSON.stringify(text)}`, async () => {
        const shown = await decisionsShown(page);
        if (shown?.length !== expected.length) return false;
        return expected.every((parts, index) => parts.every((part) => shown[index]?.includes(part)));
      });
    }
  });
});

interface Decision {
  readonly kind: string;
  readonly mention: string;
  readonly team?: { readonly teamHandle: string };
  readonly urgency?: string;
}

/** What the screen has to say of each decision of page-routing. */
async function decisionsExplained(text: string): Promise<string[][]> {
  const alert = anAlert({ sourceOrg: acme.id, message: text });
  const url = `${journey.driver.info.services.pageRouting}/v1/explain`;
  const { body } = await journey.driver.call<{ decisions: Decision[] }>('POST', url, alert);
  return body.decisions.map(({ kind, mention, team, urgency }) => {
    const says = `@oncall-${mention}team ${team?.teamHandle} over Globex EU`;
    if (kind === 'page') return [`Page${says}`, `, urgency ${urgency}, `];
    return [kind === 'same-page' ? `Same page${says}` : `Unknown@oncall-${mention}pages `];
  });
}

/** The text of each decision in the list, once it is that of the present text. */
async function decisionsShown(page: Page): Promise<string[] | undefined> {
  if ((await page.locator('[data-loading], [aria-busy="true"]').count()) > 0) return undefined;
  return page.locator('main ol > li').allTextContents();
}
