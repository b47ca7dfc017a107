import { Driver, Stack, Tokens } from '@pagebridge/local-stack';
import type { BrowserContext, Page } from 'playwright-core';
import { launchChromium, signIn } from '../../console/browser.ts';
import { answers, drawnAfterBack, keepAnswers, measured, shown } from '../../console/in-page.js';
import { SourceOrg } from '../../harness/source-org.ts';
import { latencyFigures } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { type Bench, type Figures, withResource } from '../harness/testbed.ts';

interface Entry {
  readonly startTime: number;
  readonly value?: number;
  readonly hadRecentInput?: boolean;
}

const entriesOf = (page: Page, type: string): Promise<readonly Entry[]> =>
  page.evaluate<Entry[], string>(measured, type);

/** Returns the largest contentful paint of a page in ms, and how much of its layout has shifted. */
async function largestPaint(page: Page): Promise<{ readonly lcpMs: number; readonly cls: number }> {
  const paints = await entriesOf(page, 'largest-contentful-paint');
  const shifts = (await entriesOf(page, 'layout-shift')).filter(({ hadRecentInput }) => !hadRecentInput);
  return {
    lcpMs: paints.at(-1)?.startTime ?? Number.POSITIVE_INFINITY,
    cls: shifts.reduce((sum, { value = 0 }) => sum + value, 0),
  };
}

/** Returns how long the 98th of a hundred keys and clicks took until the page had answered it, in ms. */
async function slowAnswer(page: Page): Promise<number> {
  const durations = (await page.evaluate<number[]>(answers)).toSorted((a, b) => a - b);
  return durations[Math.min(durations.length - 1, Math.floor(durations.length * 0.98))] ?? 0;
}

const org = 'acme-us';
const contender = 'the console';
const traceKey = 'bench-trace';
/** Each has its alert, its command and its outcome: together more than 500 records. */
const firingsOfTrace = 170;
const hopsOfTrace = 500;
/** Those of the last twenty events, each with three; earlier ones are shown when asked for. */
const hopsShown = 60;
/** In each round; all rounds together are an hour of an event a second. */
const eventsOfRound = 720;
/** A phone of some years ago. */
const slowdown = 4;

interface Bed {
  readonly url: string;
  readonly context: BrowserContext;
  readonly handleSync: string;
  readonly token: string;
  readonly acme: SourceOrg;
  /** A page that stays open and live through all rounds. */
  readonly live: Page;
  readonly heapAtFirst: number;
  readonly close: () => Promise<void>;
}

/** Returns a page on a CPU that is slower than this one, and the function that ends that. */
async function slowPage(context: BrowserContext): Promise<readonly [Page, () => Promise<unknown>]> {
  const page = await context.newPage();
  await page.addInitScript(keepAnswers);
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
  for (let event = 0; event < firingsOfTrace; event += 1) await acme.alert({ alertKey: traceKey });
  const browser = await launchChromium();
  const context = await browser.newContext({ viewport: { width: 1280, height: 800 } });
  const live = await context.newPage();
  await signIn(live, `${info.services.console}/o/${org}/alerts`, 'ada');
  await live.getByText('live', { exact: true }).waitFor();
  const close = async () => {
    await browser.close();
    await driver.close();
    await stack.stop();
  };
  const { console: url, handleSync } = info.services;
  return { url, context, handleSync, token, acme, live, heapAtFirst: await heapOf(live), close };
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
  await page.getByRole('button', { name: 'Leave' }).click();
  await page.getByRole('link', { name: 'Handles' }).click();
  await page.getByRole('searchbox', { name: /part of a handle/ }).pressSequentially('core');
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

/** Returns the bytes of a page's heap after a collection. */
async function heapOf(page: Page): Promise<number> {
  const session = await page.context().newCDPSession(page);
  await session.send('HeapProfiler.collectGarbage');
  const { usedSize } = await session.send('Runtime.getHeapUsage');
  await session.detach();
  return usedSize;
}

/** Draws a long trace on a slow CPU, from what is read already. */
async function drawTrace({ url, context }: Bed): Promise<Figures> {
  const [page, atFullSpeed] = await slowPage(context);
  await page.goto(`${url}/o/${org}/trace?alert=${traceKey}`);
  await page
    .locator('[data-hop]')
    .nth(hopsShown - 1)
    .waitFor();
  await page.getByRole('link', { name: 'Handles' }).click();
  await page.getByRole('searchbox').first().waitFor();
  const traceDrawnMs = await page.evaluate(drawnAfterBack, hopsShown);
  await atFullSpeed();
  await page.close();
  return { traceDrawnMs };
}

/** Has a page that is live hear of many alerts; the last one is waited for. */
async function stayLive({ acme, live, heapAtFirst }: Bed): Promise<Figures> {
  for (let event = 0; event < eventsOfRound; event += 1) {
    await acme.alert({ alertKey: `bench-${event}`, message: 'names nobody' });
    await live.waitForTimeout(50);
  }
  await live.getByText('50 or more new rows.').waitFor();
  // The last ones are read, too.
  await live.waitForTimeout(5000);
  await live.getByRole('button', { name: 'Show new' }).click();
  await live.getByText('new rows.').waitFor({ state: 'detached' });
  const seen = live.getByText('1 new row.').waitFor();
  const publishedAt = performance.now();
  await acme.alert({ alertKey: 'bench-seen', message: 'names nobody' });
  await seen;
  const eventSeenMs = performance.now() - publishedAt;
  await live.getByRole('button', { name: 'Show new' }).click();
  return { eventSeenMs, heapGrowthMiB: ((await heapOf(live)) - heapAtFirst) / (1024 * 1024) };
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
    {
      name: `a trace of ${hopsOfTrace} records drawn, ms`,
      figure: 'traceDrawnMs',
      of: contender,
      goal: { atMost: 200 },
    },
    { name: 'an alert seen after it was published, ms', figure: 'eventSeenMs', of: contender, goal: { atMost: 2000 } },
    { name: 'growth of the heap while live, MiB', figure: 'heapGrowthMiB', of: contender, goal: { atMost: 30 } },
    { name: 'what the gateway adds at p99, ms', figure: 'gatewayAddsP99Ms', of: contender, goal: { atMost: 3 } },
  ],
  prepare: async (testbed) => [
    withResource(
      contender,
      () => open(testbed),
      async (bed) => ({
        ...(await visit(bed)),
        ...(await through(bed)),
        ...(await drawTrace(bed)),
        ...(await stayLive(bed)),
      }),
      (bed) => bed.close(),
    ),
  ],
};
