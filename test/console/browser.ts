import { type Browser, chromium, type Page } from 'playwright-core';
import { requireProgram } from '../optional-programs.ts';

const args = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** A person of the local OpenID provider. */
export type Person = 'ada' | 'vik' | 'bea' | 'olga';

/** Starts the Chromium of this machine. Rejects if there is none. */
export async function launchChromium(): Promise<Browser> {
  // The limits of a wait, and not those of Playwright: the machine may be busy.
  return chromium.launch({ executablePath: requireProgram('Chromium'), args, timeout: 120_000 });
}

/** Opens an address of the console, signs in on the way, and resolves once the person's name is shown. */
export async function signIn(page: Page, address: string, person: Person): Promise<void> {
  await page.goto(address);
  await page.getByRole('button', { name: person }).click();
  await page.getByRole('banner').getByText(person).waitFor();
}
