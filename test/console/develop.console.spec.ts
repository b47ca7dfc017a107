import { type ChildProcess, spawn } from 'node:child_process';
import { on, once } from 'node:events';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { childEnvironment, localFolder, root } from '@pagebridge/local-stack';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';

const journey = new Journey();
const chromium = new Chromium();

describeInChromium('the development server of the console', () => {
  let sources: string;
  let vite: ChildProcess;
  let url: string;

  beforeAll(async () => {
    // A copy, which the test may change.
    sources = mkdtempSync(join(localFolder, 'console-'));
    const original = join(root, 'apps/console');
    const isSource = (path: string) => !['dist', 'node_modules'].includes(basename(path));
    cpSync(original, sources, { recursive: true, filter: isSource });
    symlinkSync(join(original, 'node_modules'), join(sources, 'node_modules'));
    vite = spawn(join(root, 'node_modules/.bin/vite'), ['--port', '0'], {
      cwd: sources,
      env: { ...childEnvironment(), GATEWAY_URL: journey.driver.info.services.console, NO_COLOR: '1' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    url = await addressIn(vite);
  });
  afterAll(async () => {
    vite.kill();
    await once(vite, 'exit');
    rmSync(sources, { recursive: true });
  });

  it('takes the session of a login at the gateway, and shows a changed text without a reload', async () => {
    const page = await chromium.page(url);
    await page.goto(`${url}/nowhere`);
    const opened = page.context().waitForEvent('page');
    await page.getByRole('link', { name: 'Sign in at' }).click();
    const login = await opened;
    await login.getByRole('button', { name: 'ada' }).click();
    await login.getByText('You are signed in.').waitFor();
    await page.getByText('Page not found.').waitFor();
    await page.evaluate('window.isTheSamePage = true');
    const file = join(sources, 'src/frame/no-such-page.tsx');
    writeFileSync(file, readFileSync(file, 'utf8').replace('Page not found.', 'Nothing is here.'));
    await page.getByText('Nothing is here.').waitFor();
    expect(await page.evaluate('window.isTheSamePage')).toBe(true);
  });
});

/** Returns the address that a development server prints. */
async function addressIn({ stdout }: ChildProcess): Promise<string> {
  const lines = createInterface(stdout as Readable);
  // Whoever leaves the loop early ends the stream, and a server that prints more then fails.
  for await (const [line] of on(lines, 'line', { close: ['close'] })) {
    const [address] = /http:\/\/127\.0\.0\.1:\d+/.exec(line) ?? [];
    if (address) return address;
  }
  throw new Error('the development server ended');
}
