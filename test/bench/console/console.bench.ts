import { Driver, Stack, Tokens } from '@pagebridge/local-stack';
import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium, signIn } from '../../console/browser.ts';
import { keepAnswers, shown } from '../../console/in-page.js';
import { SourceOrg } from '../../harness/source-org.ts';
import { type Bench, type Figures, withResource } from '../harness/bench.ts';
import { latencyFigures } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { largestPaint, slowAnswer } from './paints.ts';

const org = 'acme-us';
const contender = 'the console';
/** A phone of some years ago. */
const slowdown = 4;

interface Bed {
  readonly url: string;
  readonly context: BrowserContext;
  readonly handleSync: string;
  readonly token: string;
  readonly close: () => Promise<void>;
}

/** Returns a page on a CPU that is slower than this one, and the function that ends that. */
async function slowPage(context: BrowserContext): Promise<readonly [Page, () => Promise<unknown>]> {
  const page = await context.newPage();
  await page.addInitScript(keepAnswers);
  // Closing a drawer asks whether what was typed may go.
  page.on('dialog', (dialog) => void dialog.accept());
  const session = await context.newCDPSession(page);
  const slowBy = (rate: number) => session.send('Emulation.setCPUThrottlingRate', { rate });
  await slowBy(slowdown);
  return [page, () => slowBy(1)];
}

async function open(testbed: Testbed): Promise<Bed> {
  const stack = new Stack({ name: 'bench-console', progress: testbed.progress });
  const info = await stack.start();
  const driver = new Driver(info, 'ada');
  await driver.open();
  const acme = new SourceOrg(org, driver);
  for (const destination of info.destinations) await acme.connect(destination);
  const token = await new Tokens(info.access).of('ada');
  await driver.close();
  const browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  await signIn(await context.newPage(), `${info.services.console}/o/${org}/connections`, 'ada');
  const close = async () => {
    await browser.close();
    await stack.stop();
  };
  return { url: info.services.console, context, handleSync: info.services.handleSync, token, close };
}

/** Opens the first page anew, goes through the screens and types a text; the slowest answers of the page to a key or a click count. */
async function visit({ url, context }: Bed): Promise<Figures> {
  const [page, atFullSpeed] = await slowPage(context);
  await page.goto(`${url}/o/${org}/connections`);
  await page
    .getByRole('row', { name: /Active/ })
    .first()
    .waitFor();
  const { lcpMs, cls } = await largestPaint(page);
  await page.getByRole('link', { name: 'Add connection' }).click();
  await page.getByLabel('Connection Name').pressSequentially('Globex');
  await page.keyboard.press('Escape');
  await page.getByRole('link', { name: 'Handles' }).click();
  await page.getByRole('searchbox').pressSequentially('core');
  await page.getByRole('link', { name: 'Explain' }).click();
  const message = page.getByLabel('Message');
  await message.pressSequentially('Disk full. @oncall-core-infra');
  const interactionP98Ms = await slowAnswer(page);
  await atFullSpeed();
  await message.press('Backspace');
  await page.getByText('Unknown').first().waitFor();
  const explained = page.evaluate(shown, 'team core-infra over');
  const typedAt = performance.now();
  await message.press('a');
  await explained;
  const explainedAfterMs = performance.now() - typedAt;
  await page.close();
  return { lcpMs, cls, interactionP98Ms, explainedAfterMs };
}

/** What the gateway adds to a request: the same search through it and past it, in turn. */
async function through({ url, handleSync, token, context }: Bed): Promise<Figures> {
  const path = `/v1/source-orgs/${org}/handles?query=core`;
  const cookie = (await context.cookies(url)).map(({ name, value }) => `${name}=${value}`).join('; ');
  const ways = {
    direct: { address: handleSync + path, headers: { authorization: `Bearer ${token}` } },
    console: { address: url + path, headers: { cookie } },
  };
  const times: Record<keyof typeof ways, number[]> = { direct: [], console: [] };
  for (let asked = 0; asked < 1000; asked += 1) {
    for (const way of ['direct', 'console'] as const) {
      const { address, headers } = ways[way];
      const startedAt = performance.now();
      const answer = await fetch(address, { headers });
      await answer.arrayBuffer();
      if (!answer.ok) throw new Error(`${address} answers ${answer.status}`);
      times[way].push(performance.now() - startedAt);
    }
  }
  const [direct, viaConsole] = [latencyFigures(times.direct), latencyFigures(times.console)];
  return { gatewayAddsP50Ms: viaConsole.p50Ms - direct.p50Ms, gatewayAddsP99Ms: viaConsole.p99Ms - direct.p99Ms };
}

export const consoleBench: Bench = {
  rounds: 5,
  findings: [
    { name: 'largest contentful paint, ms', figure: 'lcpMs', of: contender, goal: { atMost: 1500 } },
    { name: 'interaction p98, ms', figure: 'interactionP98Ms', of: contender, goal: { atMost: 100 } },
    { name: 'layout shift', figure: 'cls', of: contender, goal: { atMost: 0 } },
    { name: 'an explanation after the last key, ms', figure: 'explainedAfterMs', of: contender, goal: { atMost: 500 } },
    { name: 'what the gateway adds at p99, ms', figure: 'gatewayAddsP99Ms', of: contender, goal: { atMost: 3 } },
  ],
  prepare: async (testbed) => [
    withResource(
      contender,
      () => open(testbed),
      async (bed) => ({ ...(await visit(bed)), ...(await through(bed)) }),
      (bed) => bed.close(),
    ),
  ],
};
