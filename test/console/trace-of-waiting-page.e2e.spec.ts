import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type Alert, type PageOutcome, PageOutcomes } from '@pagebridge/contracts';
import { type FaultSwitch, root, Tokens } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import type { PackedTrace } from '@pagebridge/trace';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { Chromium, describeInChromium } from './chromium.ts';

// An attempt fails, and the next one follows, within seconds.
const journey = new Journey({ env: { 'page-delivery': { CALL_TIMEOUT_MS: '1000', RETRY_CAP_SECONDS: '2' } } });
const chromium = new Chromium();
let acme: SourceOrg;
let alert: Alert;

const sandbox = () => journey.driver.sandbox(journey.globex);

/** Gives the calls that create pages a fault, and waits until an attempt has failed for this reason. */
async function failPages(fault: FaultSwitch['fault'], reason: string): Promise<void> {
  await sandbox().switchOn({ match: { listener: 'paging' }, fault });
  const isFailed = (it: PageOutcome) => it.sourceOrg === acme.id && it.reason === reason;
  await journey.driver.watch.waitForEvent(PageOutcomes, `an attempt that failed, ${reason}`, isFailed);
}

beforeAll(async () => {
  acme = journey.sourceOrg();
  const id = await acme.connect(journey.globex, 'Globex EU');
  await sandbox().answerPagesWith(503);
  alert = await acme.alert({ alertKey: 'monitor-6', title: 'Logins fail' });
  await acme.outcome(alert, 'retried');
  await sandbox().permit('cross-org-paging', 'teams_read', false);
  const { connectionManagement } = journey.driver.info.services;
  await journey.driver.call('POST', `${connectionManagement}/v1/source-orgs/${acme.id}/connections/${id}/sync`);
  expect(await acme.credentialFault()).toMatchObject({ reportedBy: 'handle-sync', missingPermission: 'teams_read' });
});
afterAll(async () => {
  await sandbox().permit('cross-org-paging', 'teams_read', true);
  await sandbox().recover();
});

/** Each reader of a trace, and the command or the call that reads it; the answer is its last line. */
const readers: Readonly<Record<string, () => Promise<string>>> = {
  'pagebridge trace': async () => {
    const { access, services } = journey.driver.info;
    const PAGEBRIDGE_TOKEN = await new Tokens(access).of('olga');
    return pagebridgeTrace([], { PAGEBRIDGE_TOKEN, PAGE_HISTORY_URL: services.pageHistory });
  },
  'pagebridge trace --kafka': () => {
    const { brokers, logins } = journey.driver.info;
    return pagebridgeTrace(['--kafka', '--brokers', brokers], { ...logins?.inspect });
  },
  'page-history': async () => {
    const url = `${journey.driver.info.services.pageHistory}/v1/source-orgs/${acme.id}/trace?alertKey=${alert.alertKey}`;
    const { body } = await journey.driver.call<PackedTrace>('GET', url);
    return `${JSON.stringify(body.hops)}\n${body.answer.sentence} ${body.answer.cure}`;
  },
};

async function pagebridgeTrace(args: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  const program = join(root, 'apps/cli/dist/main.js');
  const line = [program, 'trace', alert.alertKey, '--org', acme.id, ...args];
  const { stdout } = await promisify(execFile)(process.execPath, line, { env: { PAGEBRIDGE_CONFIG: '/none', ...env } });
  return stdout.trimEnd();
}

describe.each([
  {
    cause: 'a refused create',
    ...{ fault: { kind: 'error', status: 401 }, reason: 'credential' },
    ...{ why: 'Globex EU rejects the keys', cure: 'Replace the keys of the connection.', action: 'Replace keys' },
  },
  {
    cause: 'a create without an answer',
    ...{ fault: { kind: 'hang' }, reason: 'timeout' },
    ...{ why: 'Globex EU does not answer', cure: 'Check the destination and the network between.' },
    action: 'Check again',
  },
])('$cause, while handle-sync lacks a permission', ({ fault, reason, why, cure, action }) => {
  beforeAll(() => failPages(fault, reason));

  it.each(Object.keys(readers))('is the cause that %s names, with its cure', async (reader) => {
    let lines: string[] = [];
    const isTold = async () => {
      lines = (await readers[reader]?.())?.split('\n') ?? [];
      return lines.at(-1)?.includes(`: ${why}; next attempt `) && lines.at(-1)?.endsWith(`. ${cure}`);
    };
    await waitFor(why, isTold, { withinMs: 30_000, lastSeen: () => lines });
    expect(lines.slice(0, -1).join()).toMatch(/handle-sync.*teams_read/);
  });

  describeInChromium('in the console', () => {
    it('is the cause that the trace names, with its cure and the action for it', async () => {
      const path = `/o/${acme.id}/trace?alert=${alert.alertKey}`;
      const page = await chromium.signedIn(journey.driver.info.services.console, 'olga', path);
      await page
        .getByText(new RegExp(`Waiting since .*: ${why}; next attempt`))
        .first()
        .waitFor();
      await page.getByText(cure, { exact: true }).waitFor();
      await page
        .getByText(/handle-sync: .*teams_read/)
        .first()
        .waitFor();
      const actions = page.getByRole('main').getByText(/^(Replace keys|Check again)$/);
      expect(await actions.allTextContents()).toEqual([action]);
    });
  });
});
