import { afterAll, afterEach, beforeAll, expect } from '@jest/globals';
import type { Browser, BrowserContextOptions, Page } from 'playwright-core';
import { describeWith } from '../harness/describe-with.ts';
import { programPath } from '../optional-programs.ts';
import { launchChromium, type Person, signIn } from './browser.ts';
import { tellViolations } from './in-page.js';

/** As `describe`; skipped where there is no Chromium. */
export const describeInChromium = describeWith('Chromium');

/**
 * A Chromium for the tests of the console. Every page is watched: an uncaught error, a violation of the content security policy or
 * a request to another origin fails the test.
 */
export class Chromium {
  readonly #complaints: string[] = [];
  #browser: Browser | undefined;

  /** The errors of pages that the tests provoke match `expected`. */
  constructor(expected?: RegExp) {
    beforeAll(async () => {
      if (programPath('Chromium')) this.#browser = await launchChromium();
    });
    afterEach(async () => {
      const complaints = this.#complaints.splice(0).filter((complaint) => !expected?.test(complaint));
      const contexts = this.#browser?.contexts() ?? [];
      // An answer on its way to a page would fail the run.
      const pages = contexts.flatMap((context) => context.pages());
      await Promise.all(pages.map((page) => page.unrouteAll({ behavior: 'ignoreErrors' })));
      await Promise.all(contexts.map((context) => context.close()));
      expect(complaints).toEqual([]);
    });
    afterAll(() => this.#browser?.close());
  }

  /** Returns a page of a person who has signed in at the console, at this address of it. */
  async signedIn(consoleUrl: string, person: Person, path: string, options: BrowserContextOptions = {}): Promise<Page> {
    const page = await this.page(consoleUrl, options);
    await signIn(page, `${consoleUrl}${path}`, person);
    return page;
  }

  /** Returns a watched page of a new browser profile. */
  async page(consoleUrl: string, options: BrowserContextOptions = {}): Promise<Page> {
    if (!this.#browser) throw new Error('there is no Chromium');
    const context = await this.#browser.newContext({ viewport: { width: 1280, height: 800 }, ...options });
    await context.addInitScript(tellViolations);
    const page = await context.newPage();
    page.setDefaultTimeout(120_000);
    page.on('pageerror', (error) => this.#complaints.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      // The browser writes a line for every answer of 4xx and 5xx; tests provoke them.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource')) {
        this.#complaints.push(message.text());
      }
    });
    page.on('request', (request) => {
      const isDocument = request.isNavigationRequest();
      if (!isDocument && page.url().startsWith(consoleUrl) && !request.url().startsWith(consoleUrl)) {
        this.#complaints.push(`a request to another origin: ${request.url()}`);
      }
    });
    return page;
  }
}
