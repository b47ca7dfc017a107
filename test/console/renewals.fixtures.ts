import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePorts } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import type { Page } from 'playwright-core';
import { Journey } from '../harness/journey.ts';
import { Chromium, describeInChromium } from './chromium.ts';
import { Front } from './front.ts';
import { Gateways } from './gateways.ts';
import { shown } from './in-page.js';

interface Lives {
  /** How long an access token is valid. The gateway has it renewed five seconds before. */
  readonly tokenSeconds: number;
  /** How many access tokens come to their end. */
  readonly lives: number;
}

/** Four tabs of a browser at one address, behind which two gateways take turns; what the OpenID provider is asked is seen on its way. */
export function describeRenewals({ tokenSeconds, lives }: Lives): void {
  const fronts: Front[] = [];
  const gateways = new Gateways('test-gateways');
  // Before the journey restores the stack, whose parts need their addresses then.
  afterAll(() => Promise.all([gateways.killAll(), ...fronts.map((front) => front.close())]));
  const journey = new Journey();
  const chromium = new Chromium();

  async function standAt(address: string, ...servers: readonly string[]): Promise<Front> {
    const front = await Front.at(address, ...servers);
    fronts.push(front);
    return front;
  }

  let provider: Front;
  beforeAll(async () => {
    const { access, services } = journey.driver.info;
    const [providerPort = 0] = await freePorts(1);
    await Promise.all(['openid-provider', 'console-gateway'].map(journey.stack.stop));
    provider = await standAt(access.issuer, `http://127.0.0.1:${providerPort}`);
    const ACCESS_TOKEN_SECONDS = String(tokenSeconds);
    await journey.stack.start('openid-provider', { PORT: String(providerPort), ACCESS_TOKEN_SECONDS });
    const both = [gateways.start(journey.driver.info), gateways.start(journey.driver.info)];
    await standAt(services.console, ...(await Promise.all(both)));
  });

  /** The uses of a refresh token that the provider has seen. */
  const uses = () =>
    provider.passed.flatMap(({ body, status }) => {
      const asked = new URLSearchParams(body);
      return asked.get('grant_type') === 'refresh_token' ? [{ token: asked.get('refresh_token'), status }] : [];
    });

  describeInChromium('four tabs, and two gateways', () => {
    it(
      `stay signed in while ${lives} access tokens of ${tokenSeconds} s end, and use each refresh token once`,
      async () => {
        const { console: url } = journey.driver.info.services;
        const first = await chromium.signedIn(url, 'ada', '/o/acme-us/connections');
        const others = ['handles', 'audit', 'settings'].map(async (screen) => {
          const tab = await first.context().newPage();
          await tab.goto(`${url}/o/acme-us/${screen}`);
          await tab.locator('h1').waitFor();
          return tab;
        });
        const tabs = [first, ...(await Promise.all(others))];
        const signedOut: string[] = [];
        for (const tab of tabs) {
          tab.evaluate(shown, 'You are signed out.').then(
            () => signedOut.push(tab.url()),
            // The tab was closed, at the end.
            () => undefined,
          );
        }
        const expectSignedIn = () => {
          const refused = uses().filter(({ status }) => status !== 200);
          expect({ signedOut, refused }).toEqual({ signedOut: [], refused: [] });
        };
        const hasEnded = async () => {
          const session = await first.context().request.get(`${url}/session`);
          return ((await session.json()) as { readonly mustRenew: boolean }).mustRenew;
        };
        while (uses().length < lives) {
          await waitFor('the end of an access token', hasEnded, { withinMs: 2000 * tokenSeconds, everyMs: 200 });
          await Promise.all(tabs.map(readAgain)).finally(expectSignedIn);
        }
        expect(new Set(uses().map(({ token }) => token)).size).toBe(uses().length);
      },
      2000 * tokenSeconds * (lives + 1),
    );
  });
}

/** Has a tab read its screen again. Resolves once a service has answered it. */
async function readAgain(tab: Page): Promise<void> {
  const answered = tab.waitForResponse((response) => response.url().includes('/v1/') && response.ok());
  await tab.keyboard.press('r');
  await answered;
}
