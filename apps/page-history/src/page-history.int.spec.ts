import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type ConnectionReport,
  ConnectionReports,
  Connections,
  type OutgoingRecord,
  orgAlertsCard,
  orgAlertTopicOf,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  topicDefinitionsOf,
  type UnroutedHandle,
  UnroutedHandles,
} from '@pagebridge/contracts';
import { createTopics, type TopicDefinition } from '@pagebridge/kafka';
import { aConnection, anAlertRecord, uniqueName } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { createConnection } from 'mysql2/promise';
import type { AlertList, PageList } from './alerts/alerts.dto.ts';
import { Bus, RunningHistory } from './page-history.fixtures.ts';
import type { TraceAnswer } from './traces/trace-answer.ts';

const bus = new Bus();
const history = new RunningHistory();
const connection = aConnection({ sourceOrg: uniqueName('acme') });
const { sourceOrg, connectionId } = connection;
const occurredAt = new Date().toISOString();

const attributes = () => ({ id: randomUUID(), source: '/spec', time: new Date().toISOString() });
const identity = (alertKey: string) => alertIdentity(sourceOrg, alertKey);

function aPage(alertKey: string, its: Partial<PageCommand> = {}): PageCommand {
  const pageId = randomUUID();
  return {
    ...{
      kind: 'page',
      pageId,
      sourceOrg,
      alertKey,
      alertEventId: `e-${alertKey}`,
      transition: 'triggered',
      occurredAt,
    },
    ...{ connectionId, teamId: 't1', teamHandle: 'core-infra', handle: '@oncall-core-infra', matched: 'exact' },
    ...{ urgency: 'high', title: `Title of ${alertKey}`, description: '', tags: [], links: [] },
    ...its,
  };
}
const outcomeOf = ({ pageId, alertKey, alertEventId }: PageCommand, its: Partial<PageOutcome> = {}): PageOutcome => ({
  ...{ sourceOrg, alertKey, alertEventId, pageId, connectionId, teamHandle: 'core-infra', outcome: 'delivered' },
  ...{ at: new Date().toISOString(), attempts: 1, possibleDuplicate: false },
  ...(its.outcome === undefined ? { destinationPageId: `d-${pageId}` } : {}),
  ...its,
});
const anUnrouted = (alertKey: string): UnroutedHandle => ({
  ...{ sourceOrg, alertKey, alertEventId: `e-${alertKey}`, title: `Title of ${alertKey}`, occurredAt },
  ...{ handle: '@oncall-dba', reason: 'unknown-handle', detail: 'No team has it.' },
});
const alertOf = (alertKey: string, message: string): OutgoingRecord =>
  anAlertRecord({ sourceOrg, alertKey, title: `Title of ${alertKey}`, message, occurredAt }, { id: `e-${alertKey}` });
const ofPage = (page: PageCommand) => PageCommands.encode(identity(page.alertKey), attributes(), page);
const ofOutcome = (outcome: PageOutcome) => PageOutcomes.encode(identity(outcome.alertKey), attributes(), outcome);

const paged = aPage('paged');
const waiting = aPage('waiting');

beforeAll(async () => {
  await Promise.all([bus.start(), history.database.create()]);
  await bus.write(Connections.encode(connectionId, attributes(), connection));
  await history.start();
  await bus.write(
    alertOf('paged', 'High memory @oncall-core-infra'),
    alertOf('waiting', 'Disk full, quota "soft" exceeded @oncall-core-infra'),
    alertOf('unrouted', '@oncall-dba'),
    ofPage(paged),
    ofPage(waiting),
    UnroutedHandles.encode(identity('unrouted'), attributes(), anUnrouted('unrouted')),
    ofOutcome(outcomeOf(paged)),
    ofOutcome(outcomeOf(waiting, { outcome: 'retried', reason: 'credential', attempts: 1 })),
  );
  await history.caughtUp();
});
afterAll(async () => {
  await history.stop();
  await Promise.all([bus.stop(), history.database.drop()]);
});

const keysOf = ({ items }: AlertList | PageList) => items.map(({ alertKey }) => alertKey).toSorted();
const alerts = async (query = '') => (await history.get<AlertList>(`${sourceOrg}/alerts?${query}`)).body;
const pages = async (query = '') => (await history.get<PageList>(`${sourceOrg}/pages?${query}`)).body;

describe('the alerts of a source org', () => {
  it('are listed with what became of their mentions', async () => {
    const { items, asOf, keptSince } = await alerts();
    expect(items).toHaveLength(3);
    expect(items.find(({ alertKey }) => alertKey === 'paged')).toMatchObject({
      eventId: 'e-paged',
      title: 'Title of paged',
      mentions: [{ handle: '@oncall-core-infra', state: 'delivered', connectionName: 'Globex EU', attempts: 1 }],
    });
    expect(Date.parse(asOf ?? '')).toBeGreaterThan(Date.parse(keptSince));
  });

  it.each([
    ['state=waiting', ['waiting']],
    ['state=unrouted', ['unrouted']],
    ['handle=%40oncall-core-infra', ['paged', 'waiting']],
    [`connection=${connectionId}&state=delivered`, ['paged']],
    ['q=title%20of%20UNROUTED', ['unrouted']],
    ['q=%22soft%22', ['waiting']],
    [`to=${new Date(Date.now() - 3_600_000).toISOString()}`, []],
  ])('are found by %s', async (query, keys) => {
    expect(keysOf(await alerts(query))).toEqual(keys);
  });

  it('come in pages', async () => {
    const first = await alerts('limit=2');
    expect(first.items).toHaveLength(2);
    const rest = await fetch(`${history.url}${first.next}`).then((answer) => answer.json() as Promise<AlertList>);
    expect(keysOf({ ...rest, items: [...first.items, ...rest.items] })).toEqual(['paged', 'unrouted', 'waiting']);
    expect(rest.next).toBeNull();
  });

  it.each([
    ['a search of more than 7 days', 'q=soft&from=2026-01-01T00:00:00Z', 'from'],
    ['a cursor of another list', 'cursor=abc', 'cursor'],
    ['an unknown state', 'state=lost', 'state'],
  ])('refuse %s', async (_what, query, field) => {
    const { status, body } = await history.get<{ errors: { field: string }[] }>(`${sourceOrg}/alerts?${query}`);
    expect([status, body.errors[0]?.field]).toEqual([400, field]);
  });

  it('are hidden from other orgs', async () => {
    expect((await history.get<AlertList>(`${uniqueName('other')}/alerts`)).body.items).toEqual([]);
  });
});

describe('the pages of a source org', () => {
  it('are listed with their attempts and the id at the destination', async () => {
    const { items } = await pages();
    expect(items.find(({ pageId }) => pageId === paged.pageId)).toMatchObject({
      destinationPageId: `d-${paged.pageId}`,
      title: 'Title of paged',
    });
    expect(items.find(({ pageId }) => pageId === waiting.pageId)).toMatchObject({ attempts: 1, reason: 'credential' });
    expect(items).toHaveLength(2);
  });

  it('are counted by connection', async () => {
    const { body } = await history.get<{ items: object[] }>(`${sourceOrg}/page-counts`);
    expect(body.items).toEqual([{ connectionId, open: 1, waiting: 1, lastAcceptedAt: expect.any(String) }]);
  });
});

describe('what responders do with pages', () => {
  const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();
  const handle = '@oncall-responders';
  const [untaken, taken, closed, young] = ['untaken', 'taken', 'closed', 'young'].map((key) => aPage(key, { handle }));
  const [takenAt, closedAt] = [minutesAgo(8), minutesAgo(5)];

  it('is told by the stream and the lists, and who asks finds the open pages that nobody has taken', async () => {
    if (!(untaken && taken && closed && young)) throw new Error('no pages');
    const stop = new AbortController();
    const stream = await fetch(`${history.url}/v1/source-orgs/${sourceOrg}/events`, { signal: stop.signal });
    const accepted = [untaken, taken, closed].map((page) => outcomeOf(page, { at: minutesAgo(16) }));
    const acknowledged = outcomeOf(taken, { outcome: 'acknowledged', at: takenAt });
    const closedThere = outcomeOf(closed, { outcome: 'resolved', reason: 'closed-there', at: closedAt });
    await bus.write(
      ...[untaken, taken, closed, young].map(ofPage),
      ...[...accepted, outcomeOf(young), acknowledged, acknowledged, closedThere].map(ofOutcome),
    );
    const events = await textUntil(stream, 'closed-there');
    stop.abort();
    expect(events).toContain('event: outcome\ndata: {"alertKey":"taken","outcome":"acknowledged"}\n\n');
    expect(events).toContain('data: {"alertKey":"closed","outcome":"resolved","reason":"closed-there"}\n\n');
    await history.caughtUp();
    const its = `handle=${encodeURIComponent(handle)}`;
    const { items } = await pages(its);
    expect(items.find(({ alertKey }) => alertKey === 'taken')).toMatchObject({ state: 'delivered', takenAt });
    expect(items.find(({ alertKey }) => alertKey === 'closed')).toMatchObject({
      ...{ state: 'resolved', takenAt: null, closedThereAt: closedAt },
    });
    for (const list of [alerts, pages]) {
      expect(keysOf(await list(`${its}&untakenSince=${minutesAgo(15)}`))).toEqual(['untaken']);
      expect(keysOf(await list(`${its}&untakenSince=${minutesAgo(0)}`))).toEqual(['untaken', 'young']);
    }
  });
});

describe('the alerts of a producer that repeats an event id', () => {
  const keyOf = (unique: string) => uniqueName(unique);
  const firing = (alertKey: string, minute: number) => ({
    ...{ alertKey, alertEventId: 'alert', occurredAt: new Date(Date.now() + minute * 60_000).toISOString() },
  });
  const alertAt = ({ alertKey, alertEventId, occurredAt }: ReturnType<typeof firing>) =>
    anAlertRecord({ sourceOrg, alertKey, occurredAt }, { id: alertEventId });

  it('have the mentions of their own firing, with the backups, and each is found by them', async () => {
    const alertKey = keyOf('repeated');
    const firings = [1, 2, 3].map((minute) => firing(alertKey, minute));
    const commands = firings.map((its) => aPage(alertKey, { ...its, handle: `@oncall-${alertKey}` }));
    const [first] = commands;
    if (!first) throw new Error('no command');
    const failoverOf = { pageId: first.pageId, connectionId, teamId: 't1', teamHandle: 'core-infra' };
    const backup = outcomeOf(
      { ...first, pageId: randomUUID() },
      { failoverOf, outcome: 'superseded', reason: 'not-needed' },
    );
    await bus.write(...firings.map(alertAt), ...commands.map(ofPage), ofOutcome(outcomeOf(first)), ofOutcome(backup));
    await history.caughtUp();
    const expected = commands.map(({ pageId }) =>
      pageId === first.pageId ? [backup.pageId, pageId].toSorted() : [pageId],
    );
    for (const query of [`q=${alertKey}`, `handle=%40oncall-${alertKey}`]) {
      const { items } = await alerts(query);
      const found = items.map(({ mentions }) => mentions.map(({ pageId }) => pageId ?? '').toSorted());
      expect(found.toSorted()).toEqual(expected.toSorted());
    }
    const { items } = await alerts('state=superseded');
    expect(items.map(({ mentions }) => mentions.map(({ pageId }) => pageId ?? '').toSorted())).toEqual([expected[0]]);
  });

  it('tell few mentions of each, and how many there are', async () => {
    const alertKey = keyOf('many');
    const firings = Array.from({ length: 12 }, (_, minute) => firing(alertKey, minute));
    const unrouted = firings.flatMap((its) =>
      Array.from({ length: 103 }, (_, n) => ({ ...anUnrouted(alertKey), ...its, handle: `@oncall-none-${n}` })),
    );
    await bus.write(
      ...firings.map(alertAt),
      ...unrouted.map((each) => UnroutedHandles.encode(identity(alertKey), attributes(), each)),
    );
    await history.caughtUp();
    const { items } = await alerts(`q=${alertKey}&limit=200`);
    const told = items.map(({ mentions }) => mentions.length);
    expect(items).toHaveLength(12);
    expect(told.reduce((sum, count) => sum + count, 0)).toBe(1000);
    expect(Math.max(...told) - Math.min(...told)).toBeLessThanOrEqual(1);
    for (const { mentions, moreMentions } of items) expect(mentions.length + moreMentions).toBe(103);
    const [one] = (await alerts(`q=${alertKey}&limit=1`)).items;
    expect([one?.mentions.length, one?.moreMentions]).toEqual([100, 3]);
  });
});

describe('the searches and traces of an org', () => {
  it('are answered two at a time', async () => {
    const locked = await createConnection(history.database.url);
    await locked.query('LOCK TABLES records WRITE');
    try {
      const asked = ['alerts?q=soft', 'alerts?q=soft', 'trace?alertKey=paged', 'trace?alertKey=paged'];
      const answers = await Promise.all(
        asked.map((query) => fetch(`${history.url}/v1/source-orgs/${sourceOrg}/${query}`)),
      );
      const refused = answers.filter(({ status }) => status === 429);
      expect(refused).toHaveLength(2);
      expect(refused.map(({ headers }) => headers.get('retry-after'))).toEqual(refused.map(() => '5'));
    } finally {
      await locked.end();
    }
    expect((await alerts('q=soft')).items).toHaveLength(1);
  });
});

describe('a trace', () => {
  it.each([
    ['alertKey=paged', 'paged', /^Paged core-infra \(globex-eu\) after/],
    [`page=${paged.pageId}`, 'paged', /^Paged core-infra/],
    [`page=d-${paged.pageId}`, 'paged', /^Paged core-infra/],
    ['alertKey=unrouted', 'not-paged', /no team has the handle @oncall-dba/],
    ['alertKey=waiting', 'waiting', /Globex EU rejects the keys/],
  ])('answers for %s', async (query, kind, sentence) => {
    const { body } = await history.get<TraceAnswer>(`${sourceOrg}/trace?${query}`);
    expect(body.answer).toMatchObject({ kind, sentence: expect.stringMatching(sentence) });
    expect(body.missing).toEqual([]);
  });

  it('of which nothing is known says since when records are kept', async () => {
    const { body } = await history.get<TraceAnswer>(`${sourceOrg}/trace?alertKey=nothing`);
    expect(body.answer).toMatchObject({ kind: 'unknown', sentence: expect.stringContaining('Alert not found') });
    expect(body.missing).toEqual([expect.stringMatching(/^Records of paging.alerts.v1 before/)]);
  });

  it('tells that keys are refused, however much was reported since', async () => {
    const about = { connectionId, sourceOrg, credentialRevision: 1, at: new Date().toISOString() };
    const report = (its: ConnectionReport) => ConnectionReports.encode(connectionId, attributes(), its);
    const counts = { teams: 1, added: 0, removed: 0, renamed: [], durationMs: 5 };
    const synced = report({ ...about, kind: 'synced', reportedBy: 'handle-sync', ...counts });
    const refused = { missingPermission: 'pages:write', detail: 'Refused.' };
    const fault = report({ ...about, kind: 'credential-fault', reportedBy: 'page-delivery', ...refused });
    await bus.write(fault, ...Array.from({ length: 250 }, () => synced));
    await history.caughtUp();
    const { body } = await history.get<TraceAnswer>(`${sourceOrg}/trace?alertKey=waiting`);
    expect(body.answer.sentence).toContain('rejects the keys: pages:write is missing');
  });

  it('tells nothing that another org has written to its own topic, whatever its key', async () => {
    const other = uniqueName('other');
    const topic = orgAlertTopicOf(other);
    await createTopics(bus.settings, [{ ...topicDefinitionsOf(orgAlertsCard(other))[0], topic } as TopicDefinition]);
    const { body: before } = await history.get<TraceAnswer>(`${sourceOrg}/trace?alertKey=paged`);
    await bus.write({ ...alertOf('paged', 'Nobody is there @oncall-core-infra'), topic });
    await history.stored(topic);
    const { body } = await history.get<TraceAnswer>(`${sourceOrg}/trace?alertKey=paged`);
    expect([body.hops, body.answer]).toEqual([before.hops, before.answer]);
  });

  it('of an unknown page is refused, with how far back pages are kept', async () => {
    const { status, body } = await history.get<{ code: string }>(`${sourceOrg}/trace?page=${randomUUID()}`);
    expect([status, body.code]).toEqual([404, 'page-unknown']);
  });
});

describe('without its database', () => {
  it('every route says that it cannot answer now', async () => {
    await history.database.query('RENAME TABLE records TO hidden, mentions TO hidden_mentions');
    for (const route of ['alerts', 'pages', 'page-counts', 'dead-letters', 'trace?alertKey=paged', 'events']) {
      const { status, body } = await history.get<{ code: string }>(`${sourceOrg}/${route}`);
      expect([route, status, body.code]).toEqual([route, 503, 'database-unavailable']);
    }
    await history.database.query('RENAME TABLE hidden TO records, hidden_mentions TO mentions');
  });
});

describe('the stream of events', () => {
  it('tells what is stored after what was seen, by kind and key', async () => {
    const stop = new AbortController();
    const response = await fetch(`${history.url}/v1/source-orgs/${sourceOrg}/events`, { signal: stop.signal });
    await bus.write(alertOf('news', '@oncall-dba'));
    const events = await textUntil(response, 'news');
    expect(events).toMatch(/^id: \d+\nevent: alert\ndata: \{"alertKey":"news"\}\n\n$/m);
    const [, id] = /id: (\d+)/.exec(events) ?? [];
    const again = await fetch(`${history.url}/v1/source-orgs/${sourceOrg}/events?after=${Number(id) - 1}`, {
      signal: stop.signal,
    });
    expect(await textUntil(again, 'news')).toBe(events);
    stop.abort();
  });
});

async function textUntil({ body }: Response, end: string): Promise<string> {
  let text = '';
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader();
  while (reader && !text.includes(end)) {
    const { done, value = '' } = await reader.read();
    // Reading on would keep the process busy for ever.
    if (done) throw new Error(`The stream ended after ${text}`);
    text += value;
  }
  reader?.releaseLock();
  return text;
}
