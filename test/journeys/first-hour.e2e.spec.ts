import { spawnSync } from 'node:child_process';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childEnvironment, Driver, endLeftovers, Sandbox, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { pasteFirstHour } from '../guides/first-hour.ts';
import { Shell } from '../guides/shell.ts';
import { describeWith } from '../harness/describe-with.ts';
import { CheckoutCopy, NpmStart, TakenPorts } from '../harness/npm-start.ts';

/* Pastes the commands of the README unchanged into a shell beside `npm start`, whose usual ports are all taken. */
const checkout = new CheckoutCopy('journey-first-hour');
const start = new NpmStart(checkout);
const taken = new TakenPorts();
let info: StackInfo;
let shell: Shell;

beforeAll(async () => {
  await taken.take();
  info = await start.start();
  shell = new Shell(checkout.path);
}, 300_000);
afterAll(async () => {
  await shell.close();
  await start.kill();
  taken.giveBack();
  endLeftovers();
});

describe('npm start', () => {
  it('begins with an integration that shows no refused alert and no token that ends soon', async () => {
    const org = `${info.services.connectionManagement}/v1/source-orgs/acme-us`;
    type Token = Readonly<Record<'integration' | 'lastUsedAt' | 'lastRefusal' | 'expiresAt', string | null>>;
    const tokens = async () =>
      (await new Driver(info, 'ada').call<{ items: readonly Token[] }>('GET', `${org}/tokens`)).body.items;
    // A refusal is published together with the use of its token.
    await waitFor('the first use of the token', async () => (await tokens()).some(({ lastUsedAt }) => lastUsedAt));
    const [token, ...others] = await tokens();
    expect(others).toEqual([]);
    expect(token).toMatchObject({ integration: 'programs', lastRefusal: null });
    expect(Date.parse(token?.expiresAt ?? '') - Date.now()).toBeGreaterThan(90 * 86_400_000);
  });
});

describeWith('curl', 'jq')('the first hour', () => {
  it('works as in the README: a connection, an alert, its page, its handles, its recovery', async () => {
    const output = await pasteFirstHour(shell);
    expect(output).toMatch(/"slug": "globex-eu"[\s\S]*"status": "active"/);
    expect(output).toMatch(/^triggered published to paging\.alerts\.v1, partition \d+, key acme-us\/monitor-1,/m);
    const pages = await new Sandbox(info.destinations[0]?.controlUrl ?? '').pages();
    expect(pages.map(({ team, status }) => [team?.handle, status])).toEqual([['core-infra', 'resolved']]);
  });
});

describe('beside npm start', () => {
  it('npm run alert sends no invalid alert, and names the field', () => {
    const command = "npm run -s alert -- --transition resolved 'text' 2>&1 || echo with $?";
    const run = { cwd: checkout.path, encoding: 'utf8', env: childEnvironment() } as const;
    expect(spawnSync('bash', ['-c', command], run).stdout).toMatch(
      /^error: alert not sent: data\.transition must be one of triggered, .*\nwith 2\n$/,
    );
  });

  it('Ctrl-C leaves nothing running', async () => {
    expect(await start.ctrlC()).toEqual({ code: 130, left: [] });
  });
});
