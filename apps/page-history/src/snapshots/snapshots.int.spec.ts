import { randomBytes, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  type Connection,
  Connections,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  type Share,
  SnapshotLinks,
} from '@pagebridge/contracts';
import { secretKeysIn } from '@pagebridge/service';
import { aConnection, anAlertRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { alertIdentity } from '@pagebridge/vocabulary';
import { Bus, RunningHistory } from '../page-history.fixtures.ts';

const bus = new Bus();
const history = new RunningHistory();
const keys = randomBytes(32).toString('base64url');
const links = new SnapshotLinks(secretKeysIn(keys));

const sourceOrg = uniqueName('acme');
const connection = aConnection({ sourceOrg, slug: 'globex-eu' });
const other = aConnection({ sourceOrg, slug: 'initech-ap', share: 'all' });
const alertKey = 'monitor-secret-key';
const [pageId, otherPageId] = [randomUUID(), randomUUID()];
const hostile = '</pre><script>alert(1)</script><img src=x onerror="alert(1)"> \u202Eevil & more ';
const now = Date.now();
const times = { occurredAt: new Date(now).toISOString() };
const attributes = () => ({ id: randomUUID(), source: '/spec', time: new Date().toISOString() });
const identity = alertIdentity(sourceOrg, alertKey);

const commandOver = (to: Connection, id: string, teamHandle: string) =>
  PageCommands.encode(identity, attributes(), {
    ...{ kind: 'page', pageId: id, sourceOrg, alertKey, alertEventId: 'e1', transition: 'triggered', ...times },
    ...{ connectionId: to.connectionId, teamId: 't1', teamHandle, handle: `@oncall-${teamHandle}`, matched: 'exact' },
    ...{ ambiguousWith: [other.connectionId], urgency: 'high', title: 'A title', description: '', tags: [], links: [] },
  });
const outcomeOver = (to: Connection, id: string, teamHandle: string, its: Partial<PageOutcome> = {}) =>
  PageOutcomes.encode(identity, attributes(), {
    ...{ sourceOrg, alertKey, alertEventId: 'e1', pageId: id, connectionId: to.connectionId, teamHandle },
    ...{ outcome: 'delivered', at: new Date().toISOString(), attempts: 2, possibleDuplicate: true },
    ...{ destinationPageId: `d-${id}`, detail: 'proxy.internal:3128: reset' },
    ...its,
  });

beforeAll(async () => {
  await Promise.all([bus.start(), history.database.create()]);
  await history.start({ SNAPSHOT_KEYS: keys });
  await bus.write(
    Connections.encode(other.connectionId, attributes(), other),
    anAlertRecord(
      {
        ...{ sourceOrg, alertKey, title: `Title ${hostile}`, message: `Message ${hostile.repeat(2000)}`, ...times },
        tags: [`tag:${hostile}`],
        links: [{ title: `Link ${hostile}`, url: 'https://monitors.example/?a=1&b=%22' }],
      },
      { id: 'e1' },
    ),
    commandOver(connection, pageId, 'core-infra'),
    commandOver(other, otherPageId, 'network'),
    outcomeOver(connection, pageId, 'core-infra'),
    outcomeOver(other, otherPageId, 'network'),
  );
  await settle('title');
  await history.caughtUp();
});
afterAll(async () => {
  await history.stop();
  await Promise.all([bus.stop(), history.database.drop()]);
});

let version = 1;
const tokenOf = (its: Partial<Parameters<SnapshotLinks['tokenOf']>[0]> = {}) =>
  links.tokenOf({ sourceOrg, connectionId: connection.connectionId, pageId, acceptedAt: now, ...its });

async function open(token: string) {
  const response = await fetch(`${history.url}/s/${token}`);
  return { status: response.status, headers: response.headers, page: await response.text() };
}

/** Publishes the setting, and waits until it has come. */
async function settle(share: Share, its: Partial<Connection> = {}): Promise<void> {
  version += 1;
  const marker = aConnection({ sourceOrg, connectionId: randomUUID(), share: 'none' });
  await bus.write(
    Connections.encode(connection.connectionId, attributes(), { ...connection, share, version, ...its }),
    Connections.encode(marker.connectionId, attributes(), marker),
  );
  const expected = share === 'none' ? 'not shared' : its.shareRevokedBefore ? 'revoked' : undefined;
  await waitFor(`the setting ${share}`, async () => {
    const { page } = await open(tokenOf());
    return expected ? page.includes(expected) : shareShown(page) === share;
  });
}
const shareShown = (page: string): Share | undefined => {
  if (page.includes('<h2>Tags</h2>')) return 'all';
  if (page.includes('<h2>Message</h2>')) return 'text';
  return page.includes('Your page') ? 'title' : undefined;
};

describe('a snapshot', () => {
  it('shows title, state and page alone if its connection shares the title', async () => {
    const { status, page } = await open(tokenOf());
    expect(status).toBe(200);
    expect(page).toContain('<h1 dir="auto">Title &lt;/pre&gt;&lt;script&gt;');
    expect(page).toMatch(/<strong>Fires<\/strong> in acme\S+ since <time/);
    expect(page).toMatch(/Team<\/dt><dd><bdi>core-infra.*Accepted.*Possible: you may have this page twice/s);
    for (const kept of ['Message ', 'tag:', 'monitors.example', 'Steps of', alertKey]) expect(page).not.toContain(kept);
  });

  it('shows the message too if the text is shared, cut', async () => {
    await settle('text');
    const { page } = await open(tokenOf());
    expect(page).toContain('Message &lt;/pre&gt;');
    expect(page).toContain('(cut; the whole text is at its source)');
    expect(page.length).toBeLessThan(100_000);
    for (const kept of ['tag:', 'monitors.example', 'Steps of']) expect(page).not.toContain(kept);
  });

  it('shows tags, links and the steps of this page if all is shared, and nothing of other pages', async () => {
    await settle('all');
    const { page } = await open(tokenOf());
    expect(page).toContain('tag:&lt;/pre&gt;');
    expect(page).toContain('href="https://monitors.example/?a=1&amp;b=');
    expect(page).toContain('core-infra (globex-eu) paged by attempt 2');
    for (const kept of [
      'network',
      'initech',
      other.connectionId,
      otherPageId,
      'claimed by',
      'proxy.internal',
      alertKey,
    ]) {
      expect(page).not.toContain(kept);
    }
    expect(page).not.toMatch(/<script|<img|onerror="/);
  });

  it('may be kept, sent on, indexed or framed nowhere, and runs nothing', async () => {
    const { headers, page } = await open(tokenOf());
    expect(headers.get('content-security-policy')).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; base-uri/,
    );
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-robots-tag')).toContain('noindex');
    expect(page).toContain('<meta name="robots" content="noindex');
  });

  it('shows its alert also after that has fired and recovered a thousand times since', async () => {
    const again = (n: number) => ({
      ...{ sourceOrg, alertKey, occurredAt: new Date(now + n * 1000).toISOString() },
      transition: n % 2 === 1 ? ('recovered' as const) : ('triggered' as const),
    });
    await bus.write(...Array.from({ length: 1050 }, (_, n) => anAlertRecord(again(n + 1))));
    await history.caughtUp();
    await waitFor('the recovery', async () => /<strong>Recovered<\/strong>/.test((await open(tokenOf())).page));
    expect((await open(tokenOf())).page).toContain('<h1 dir="auto">Title &lt;/pre&gt;&lt;script&gt;');
  });

  it('says when its page was taken, and that it was closed there', async () => {
    const team = [connection, pageId, 'core-infra'] as const;
    const at = (minute: number) => new Date(Date.UTC(2026, 0, 1, 3, minute)).toISOString();
    await bus.write(outcomeOver(...team, { outcome: 'acknowledged', at: at(5) }));
    await waitFor('the taking', async () => /Acknowledged<\/dt>.*03:05:00 UTC/.test((await open(tokenOf())).page));
    await bus.write(outcomeOver(...team, { outcome: 'resolved', reason: 'closed-there', at: at(9) }));
    await waitFor('the close', async () =>
      /It was closed in the destination while the alert fired\..*Acknowledged<.*03:05:00 UTC.*Closed in the destination<\/dt>.*03:09:00 UTC/.test(
        (await open(tokenOf())).page,
      ),
    );
  });

  it('says what is known of a page that is not kept', async () => {
    const { status, page } = await open(tokenOf({ pageId: 'gone-gone-gone-gone' }));
    expect(status).toBe(200);
    expect(page).toContain('This alert is no longer stored');
    expect(page).toContain('gone-gone-gone-gone');
    expect(page).toContain('The history starts at');
  });
});

describe('a link', () => {
  const weekMs = 7 * 24 * 60 * 60 * 1000;
  it.each([
    ['that was changed', 404, 'is not valid', () => tokenOf().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'))],
    ['of another key', 404, 'is not valid', () => new SnapshotLinks(secretKeysIn('A'.repeat(43))).tokenOf(pageOf())],
    ['that has expired', 410, 'has expired', () => tokenOf({ acceptedAt: now - weekMs })],
    ['of an unknown connection', 410, 'connection no longer exists', () => tokenOf({ connectionId: randomUUID() })],
    ['of a connection of another org', 410, 'connection no longer exists', () => tokenOf({ sourceOrg: 'globex' })],
  ])('%s is refused with %i and a page that tells nothing', async (_what, status, title, token) => {
    const answer = await open(token());
    expect([answer.status, answer.page.includes(title)]).toEqual([status, true]);
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    expect(answer.page).not.toContain(sourceOrg);
  });
  const pageOf = () => ({ sourceOrg, connectionId: connection.connectionId, pageId, acceptedAt: now });

  it('shows no page of another connection of the org', async () => {
    const { page } = await open(tokenOf({ connectionId: other.connectionId }));
    expect(page).toContain('no longer stored');
    expect(page).not.toContain('Title');
  });

  it('opens nothing once its connection shares nothing, has revoked it, or is gone', async () => {
    await settle('none');
    expect((await open(tokenOf())).status).toBe(410);
    await settle('all', { shareRevokedBefore: new Date(now + 1).toISOString() });
    expect((await open(tokenOf())).status).toBe(410);
    expect((await open(tokenOf({ acceptedAt: now + 1 }))).status).toBe(200);
    await bus.write(Connections.tombstone(connection.connectionId));
    await waitFor('its end', async () =>
      (await open(tokenOf({ acceptedAt: now + 1 }))).page.includes('no longer exists'),
    );
  });
});
