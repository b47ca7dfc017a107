import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Connection, PageStates } from '@pagebridge/contracts';
import { closePools } from '@pagebridge/destination';
import type { Fault, SandboxOrg } from '@pagebridge/oncall-sandbox';
import { KeyRing } from '@pagebridge/sealed-credentials';
import type { DataCenter } from '@pagebridge/vocabulary';
import { after, aPage } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { creating, startGlobex } from '../globex.fixtures.ts';
import { sealing } from '../sealing.fixtures.ts';
import { OncallDestinationClient } from './oncall-destination-client.ts';

const command = aPage();
const state = after(command);
const [page] = state.pages;
if (!page) throw new Error('a page command makes a page');
let globex: SandboxOrg;
let dataCenters: ReadonlyMap<string, DataCenter>;
let oncall: OncallDestinationClient;
let connection: Connection;
let keys: CountingRing;
let seals: Awaited<ReturnType<typeof sealing>>;

class CountingRing extends KeyRing {
  opened = 0;
  override open(...its: Parameters<KeyRing['open']>): ReturnType<KeyRing['open']> {
    this.opened += 1;
    return super.open(...its);
  }
}

beforeAll(async () => {
  globex = await startGlobex();
  seals = await sealing();
  const { dataCenter } = globex;
  dataCenters = new Map([[dataCenter.name, dataCenter]]);
  connection = await seals.sealed({ dataCenter: dataCenter.name }, 'good-key');
  keys = new CountingRing(JSON.parse(seals.privateKeys).keys);
  // A process that shares its CPUs with others answers late, which must not look like a destination that hangs.
  oncall = new OncallDestinationClient(dataCenters, keys, 60_000, () => undefined);
});
afterAll(async () => {
  await closePools();
  await globex.stop();
});
beforeEach(() => globex.org.faults.clear());

const create = (fault: Fault) => {
  globex.strike(fault, creating);
  return oncall.create(connection, state, page, command);
};
const answers = (status: number, headers = {}, body = ''): Fault => ({
  kind: 'error',
  status,
  headers,
  body: 'text',
  errors: [body],
});

const refuses = (status: number, body: Extract<Fault, { kind: 'error' }>['body'] = 'object-array'): Fault => ({
  kind: 'error',
  status,
  body,
});
// A wrong host and an ingress without a route answer so.
const notOfOnCall = ['string-array', 'edge', 'text', 'html', 'empty'] as const;
// On-Call names what it does not know, in a list of objects or of texts.
const ofOnCall: readonly (readonly [string, Fault])[] = [
  ['objects', refuses(404)],
  ['texts', answers(404, {}, '{"errors":["Team for ID t not found"]}')],
];
/** The answers of a proxy, a firewall or an ingress in front of On-Call. */
const ofAnEdge: readonly (readonly [string, Fault])[] = [
  ...notOfOnCall.map((body) => [`404 (${body})`, refuses(404, body)] as const),
  ...[400, 405, 413, 421].flatMap((status) =>
    (['edge', 'text', 'html', 'empty'] as const).map((body) => [`${status} (${body})`, refuses(status, body)] as const),
  ),
  ...[401, 403].flatMap((status) =>
    (['text', 'html', 'empty'] as const).map((body) => [`${status} (${body})`, refuses(status, body)] as const),
  ),
];

const notPermitted = '{"errors":["Forbidden","Failed permission authorization checks"]}';

describe('creating a page', () => {
  it('sends the text and the tags, and returns the id of the page', async () => {
    const called = await oncall.create(connection, state, page, command);

    expect(called).toMatchObject({ kind: 'created', destinationPageId: globex.pages.at(-1)?.id });
    expect(globex.pages.at(-1)).toMatchObject({
      title: command.title,
      team: { id: page.teamId },
      tags: ['service:backend', `page-id:${page.pageId}`],
    });
  });

  it('tags a possible duplicate', async () => {
    await oncall.create(connection, state, { ...page, possibleDuplicate: true }, command);

    expect(globex.pages.at(-1)?.tags).toContain('possible-duplicate:true');
  });

  it('pages also with a title of nothing but spaces', async () => {
    await oncall.create(connection, state, page, { ...command, title: ' ' });

    expect(globex.pages.at(-1)?.title).toBe('Alert monitor-1234:host:backend-7');
  });

  it.each([
    ['429', answers(429), { cause: 'rate-limited', mayHaveCreated: false }],
    [
      '429 with a wait',
      answers(429, { 'retry-after': '7', 'x-ratelimit-reset': '1' }),
      { cause: 'rate-limited', retryAfterMs: 7000 },
    ],
    ['425', answers(425), { cause: 'server', mayHaveCreated: false }],
    ...ofAnEdge.map(([answer, fault]) => [answer, fault, { cause: 'server', mayHaveCreated: false }] as const),
    ['408', answers(408), { cause: 'timeout', mayHaveCreated: true }],
    ['503 with a wait', answers(503, { 'retry-after': '7' }), { cause: 'server', mayHaveCreated: true }],
    ['503 with no wait', answers(503, { 'retry-after': '0' }), { cause: 'server', mayHaveCreated: true }],
    ...[500, 501, 502, 503, 504, 505, 507, 520, 521, 522, 523, 524, 525, 527, 530, 599].map(
      (status) => [`${status}`, answers(status), { cause: 'server', mayHaveCreated: true }] as const,
    ),
    ['502 with a wait', answers(502, { 'retry-after': '7' }), { cause: 'server', mayHaveCreated: true }],
    ['302', answers(302, { location: 'http://elsewhere' }), { cause: 'redirect', mayHaveCreated: false }],
    ['304', answers(304), { cause: 'redirect', mayHaveCreated: false }],
    ['200 without an id', answers(200, {}, '{}'), { cause: 'bad-answer', mayHaveCreated: true }],
    ['200 with HTML', answers(200, {}, '<html>Hello</html>'), { cause: 'bad-answer', mayHaveCreated: true }],
    ['202 without words', answers(202), { cause: 'bad-answer', mayHaveCreated: true }],
    ['401', refuses(401), { cause: 'credential', mayHaveCreated: false }],
    ['403', refuses(403), { cause: 'forbidden', mayHaveCreated: false }],
    ['403 for a permission', answers(403, {}, notPermitted), { cause: 'forbidden', mayHaveCreated: false }],
    ['a cut', { kind: 'reset-after-accept' } as const, { cause: 'network', mayHaveCreated: true }],
  ])('that is answered with %s is to be called again', async (_, fault, expected) => {
    expect(await create(fault)).toMatchObject({ kind: 'failed', ...expected });
  });

  it('that is not answered in time is to be called again', async () => {
    globex.strike({ kind: 'hang' }, creating);
    const impatient = new OncallDestinationClient(dataCenters, keys, 1000, () => undefined);

    expect(await impatient.create(connection, state, page, command)).toMatchObject({
      kind: 'failed',
      cause: 'timeout',
      mayHaveCreated: true,
    });
  });

  it.each([400, 409, 413, 422])('that On-Call answers with %i is refused for good', async (status) => {
    expect(await create(refuses(status))).toMatchObject({ kind: 'refused' });
  });

  it.each(ofOnCall)('that On-Call answers with 404 and %s is refused for good', async (_, fault) => {
    expect(await create(fault)).toMatchObject({ kind: 'refused' });
  });

  it('opens the credential once while the connection does not change', async () => {
    const rotated = { ...connection, version: connection.version + 1 };
    const before = keys.opened;
    for (const each of [rotated, rotated, rotated]) await oncall.create(each, state, page, command);

    expect(keys.opened - before).toBe(1);
  });

  it('returns the rate limit of the destination with any answer', async () => {
    const headers = { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '3' };

    expect(await create({ kind: 'error', status: 400, body: 'object-array', headers })).toMatchObject({
      kind: 'refused',
      rateLimit: { limit: 10, remaining: 0, resetMs: 3000 },
    });
  });
});

describe('what a destination says of its call', () => {
  it('is what the ledger can read again, also if a number in a header is not whole', async () => {
    const headers = { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '0.5', 'x-ratelimit-reset': '3' };
    const called = await create(answers(429, headers));
    expect(called.call).toEqual({ status: 429, durationMs: expect.any(Number), limitLeft: 0 });
    const record = PageStates.encode(
      'k',
      { id: 'w', source: '/x', time: state.updatedAt },
      {
        ...state,
        pages: [{ ...page, call: called.call ?? { durationMs: -1 } }],
        ownerEpoch: 1,
      },
    );
    expect(PageStates.decode(record)).toMatchObject({ ok: true });
  });
});

describe('resolving a page', () => {
  it('succeeds if the destination does not know the page', async () => {
    expect(await oncall.resolve(connection, randomUUID(), true)).toMatchObject({ kind: 'resolved' });
  });

  it.each(ofOnCall)('succeeds after a 404 of On-Call with %s', async (_, fault) => {
    globex.strike(fault, { method: 'POST', path: '/api/v2/on-call/pages/*/resolve' });

    expect(await oncall.resolve(connection, randomUUID(), true)).toMatchObject({ kind: 'resolved' });
  });

  it('is to be called again while the destination may not know the page yet', async () => {
    expect(await oncall.resolve(connection, randomUUID(), false)).toMatchObject({ kind: 'failed', cause: 'not-found' });
  });

  it.each(ofAnEdge)('is to be called again after %s', async (_, fault) => {
    globex.strike(fault, { method: 'POST', path: '/api/v2/on-call/pages/*/resolve' });

    expect(await oncall.resolve(connection, randomUUID(), true)).toMatchObject({ kind: 'failed', cause: 'server' });
  });
});

describe('a connection that cannot be used', () => {
  it('whose credential cannot be opened has a credential fault, whose text contains no secret', async () => {
    const stolen = { ...connection, sourceOrg: 'initech' };

    const called = await oncall.create(stolen, state, page, command);

    expect(called).toMatchObject({ kind: 'failed', cause: 'credential', mayHaveCreated: false });
    expect(JSON.stringify(called)).not.toContain('good-key');
    expect(await oncall.diagnose(stolen)).toEqual({ kind: 'unopenable' });
  });

  it('whose data center is not in the catalogue makes its pages wait', async () => {
    const called = await oncall.create({ ...connection, dataCenter: 'MARS' }, state, page, command);

    expect(called).toMatchObject({ kind: 'failed', cause: 'network', mayHaveCreated: false });
  });

  it('is diagnosed by the permissions that its steps need', async () => {
    globex.permissions.delete('on_call_respond');

    expect(await oncall.diagnose(connection)).toEqual({ kind: 'accepted', missing: { resolve: 'on_call_respond' } });
  });

  it('is diagnosed as refused if the destination refuses every call', async () => {
    const revoked = await seals.sealed({ dataCenter: connection.dataCenter }, 'revoked-key');

    expect(await oncall.diagnose(revoked)).toEqual({ kind: 'refused' });
  });

  it('is not diagnosed by the answer of an edge', async () => {
    globex.strike(refuses(403, 'html'));

    expect(await oncall.diagnose(connection)).toEqual({ kind: 'unknown' });
  });
});
