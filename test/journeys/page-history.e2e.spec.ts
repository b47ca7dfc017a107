import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { allTopics, root } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { HistoryDatabase } from '../harness/history-database.ts';
import { Journey } from '../harness/journey.ts';
import type { SourceOrg } from '../harness/source-org.ts';
import { SteadyLoad } from '../harness/steady-load.ts';

const journey = new Journey({
  // Somebody asks while the tables are gone.
  expectedErrors: /Table 'pagebridge_history\.\w+' doesn't exist/,
});

interface Trace {
  readonly answer: { readonly kind: string; readonly sentence: string };
  readonly hops: readonly {
    readonly topic: string;
    readonly partition: number;
    readonly offset: number;
    kind: string;
  }[];
}
interface Extent {
  readonly keptSince: string;
  readonly asOf: string | null;
  readonly lag: readonly unknown[];
}

let database: HistoryDatabase;
beforeAll(() => {
  database = new HistoryDatabase(journey.folder);
});
let load: SteadyLoad | undefined;
afterEach(() => load?.end());

/** What page-history answers about an alert, once it has everything that was written before. */
function told(sourceOrg: string, alertKey: string): Promise<Trace & Extent> {
  const since = Date.now();
  const { pageHistory } = journey.driver.info.services;
  const url = `${pageHistory}/v1/source-orgs/${sourceOrg}/trace?${new URLSearchParams({ alertKey })}`;
  let last: unknown;
  return waitFor(
    'the history to catch up',
    async () => {
      const { status, body } = await journey.driver.call<Trace & Extent>('GET', url);
      last = { status, ...body };
      return status === 200 && Date.parse(body.asOf ?? '') > since && body.lag.length === 0 && body;
    },
    { lastSeen: () => last },
  );
}

/** What `pagebridge trace --kafka -o json` prints of it. */
async function traced(sourceOrg: string, alertKey: string): Promise<Trace> {
  const { brokers, logins } = journey.driver.info;
  const program = join(root, 'apps/cli/dist/main.js');
  const args = ['trace', alertKey, '--org', sourceOrg, '--kafka', '--brokers', brokers, '-o', 'json'];
  const { stdout } = await promisify(execFile)(process.execPath, [program, ...args], { env: { ...logins?.inspect } });
  return JSON.parse(stdout);
}

const shapeOf = ({ answer, hops }: Trace) => ({
  answer,
  hops: hops.map(({ kind, topic, partition, offset }) => ({ kind, topic, partition, offset })),
});

/** The places of all records of an org that the topics have. */
const written = (org: SourceOrg) =>
  allTopics
    // The states of page-delivery are its own.
    .filter((topic) => topic !== 'paging.page-states.v1')
    .flatMap((topic) => journey.driver.watch.recordsOf(topic))
    .filter(({ key }) => String(key).startsWith(`${org.id}/`))
    .map(({ topic, partition, offset }) => `${topic}/${partition}/${offset}`)
    .toSorted();

/** Expects each record of an org to be stored once. */
async function expectAll(org: SourceOrg): Promise<void> {
  await told(org.id, 'any');
  // Two readers of the topics are compared, of which either may be behind.
  await waitFor('the same records in both', async () => {
    expect(await database.places(`${org.id}/`)).toEqual(written(org));
    return true;
  });
  expect(await database.doubled()).toBe(0);
}

/** Changes what a connection shares, or revokes its links. */
async function settle(method: 'PATCH' | 'POST', org: SourceOrg, id: string, below = '', body = {}): Promise<void> {
  const url = `${journey.driver.info.services.connectionManagement}/v1/source-orgs/${org.id}/connections/${id}${below}`;
  expect((await journey.driver.call(method, url, body, { 'if-match': '*' })).status).toBe(200);
}

/** Pages the team until a text ends with a link, and returns that of its alert: page-delivery learns late what is shared. */
const linked = (org: SourceOrg, alertKey: string): Promise<string> =>
  waitFor('a text that ends with a link', async () => {
    const alert = await org.alert({ alertKey: `${alertKey}-${randomUUID()}`, message: 'Memory. @oncall-core-infra' });
    const { description } = await org.pageIn(journey.globex, alert, 'core-infra');
    return /\bhttp:\S+\/s\/\S+$/.exec(description ?? '')?.[0];
  });

const answers = (link: string, status: number, text: string): Promise<true> =>
  waitFor(`${status} with "${text}" at the link`, async () => {
    const response = await fetch(link);
    return response.status === status && (await response.text()).includes(text) ? true : undefined;
  });

describe('page-history', () => {
  it('tells the life of an alert as the topics do: of one that paged, and of one whose handle is unknown', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const paged = await acme.alert({ alertKey: 'paged', message: 'Memory. @oncall-core-infra' });
    const unknown = await acme.alert({ alertKey: 'unknown', message: 'Memory. @oncall-nobody-has-this' });
    await Promise.all([acme.pageIn(journey.globex, paged, 'core-infra'), acme.unrouted(unknown)]);
    const kinds: string[][] = [];
    for (const { alertKey } of [paged, unknown]) {
      const history = await told(acme.id, alertKey);
      expect(shapeOf(history)).toEqual(shapeOf(await traced(acme.id, alertKey)));
      kinds.push([history.answer.kind, ...history.hops.map(({ kind }) => kind)]);
    }
    expect(kinds).toEqual([
      ['paged', 'alert', 'page', 'outcome'],
      ['not-paged', 'alert', 'unrouted'],
    ]);
    await expectAll(acme);
  });

  it('that is killed with -9 while records come loses none, and stores none twice', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    load = new SteadyLoad(acme.id, journey.driver, ['core-infra', 'payments'], 50);
    for (const enough of [50, 300]) {
      await waitFor('records in the history', async () => (await database.places(`${acme.id}/`)).length > enough);
      await journey.stack.crash('page-history');
      await journey.stack.start('page-history');
    }
    await load.stop();
    const ended = new Set(load.sent.filter(({ recovers }) => recovers).map(({ alert }) => alert.alertKey));
    await waitFor('the recoveries', () => [...ended].every((alertKey) => acme.endOf(alertKey) !== undefined));
    await expectAll(acme);
  });

  it('opens the link at the end of a page until it shares nothing or is revoked, also once its database is made anew', async () => {
    const acme = journey.sourceOrg();
    const id = await acme.connect(journey.globex);
    await settle('PATCH', acme, id, '', { share: 'text' });
    const link = await linked(acme, 'shared');
    await answers(link, 200, 'Memory. @oncall-core-infra');
    await settle('PATCH', acme, id, '', { share: 'none' });
    await answers(link, 410, 'is not shared');
    await settle('PATCH', acme, id, '', { share: 'title' });
    await answers(link, 200, 'Your page');
    await settle('POST', acme, id, '/revoke-snapshots');
    await answers(link, 410, 'was revoked');
    const later = await linked(acme, 'later');
    await answers(later, 200, 'Your page');

    await database.drop();
    await answers(link, 410, 'was revoked');
    await answers(later, 503, 'is not available');
    await database.migrate();
    await journey.stack.crash('page-history');
    await journey.stack.start('page-history');
    await answers(later, 200, 'Your page');
    await answers(link, 410, 'was revoked');
  });

  it('whose database is dropped and made anew while it runs reads the topics again, and pages are delivered meanwhile', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const before = await acme.alert({ alertKey: 'before', message: 'Memory. @oncall-core-infra' });
    await acme.pageIn(journey.globex, before, 'core-infra');
    const history = await told(acme.id, 'before');

    await database.drop();
    const url = `${journey.driver.info.services.pageHistory}/v1/source-orgs/${acme.id}/alerts`;
    expect((await journey.driver.call('GET', url)).status).toBe(503);
    const meanwhile = await acme.alert({ alertKey: 'meanwhile', message: 'Memory. @oncall-search' });
    await acme.pageIn(journey.globex, meanwhile, 'search');

    expect(await database.migrate()).toContain('created the database');
    const again = await told(acme.id, 'before');
    expect(again).toMatchObject(shapeOf(history));
    expect(again.keptSince).toBe(history.keptSince);
    expect((await told(acme.id, 'meanwhile')).answer.kind).toBe('paged');
    await expectAll(acme);
  });
});
