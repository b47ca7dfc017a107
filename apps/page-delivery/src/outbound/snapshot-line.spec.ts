import { randomBytes } from 'node:crypto';
import { expect, it } from '@jest/globals';
import { maxPageDescriptionLength, type PageState, SnapshotLinks } from '@pagebridge/contracts';
import { requestOf } from '@pagebridge/page-lifecycle';
import { loadConfig, secretKeysIn } from '@pagebridge/service';
import { aConnection } from '@pagebridge/testing';
import { begin } from '../../../../libs/page-lifecycle/src/changes.fixtures.ts';
import { after, aPage, at } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { pageDeliveryConfig } from '../config.ts';
import { snapshotLineOf } from './snapshot-line.ts';

const keys = randomBytes(32).toString('base64url');
const lineOf = snapshotLineOf({ SNAPSHOT_URL: 'https://pages.example.com/', SNAPSHOT_KEYS: keys });
const state = after(aPage());
const [page] = state.pages as [PageState];
const shared = aConnection({ share: 'title' });

it('links to the page over its connection, with the same text for each attempt', () => {
  const line = lineOf(shared, state, page);
  const token = /: https:\/\/pages\.example\.com\/s\/(\S+)$/.exec(line ?? '')?.[1] ?? '';
  const acceptedAt = Date.parse(page.acceptedAt);
  expect(new SnapshotLinks(secretKeysIn(keys)).open(token, acceptedAt)).toMatchObject({
    of: { sourceOrg: state.sourceOrg, connectionId: shared.connectionId, pageId: page.pageId, acceptedAt },
  });
  const attempted = begin(state, page.pageId, at('12:30'));
  expect(lineOf(shared, attempted, attempted.pages[0] as PageState)).toBe(line);
});

it('links to nothing if the connection shares nothing, or has revoked the link of the page already', () => {
  expect(lineOf(aConnection(), state, page)).toBeUndefined();
  expect(lineOf({ ...shared, share: 'none' }, state, page)).toBeUndefined();
  const later = new Date(Date.parse(page.acceptedAt) + 1).toISOString();
  expect(lineOf({ ...shared, shareRevokedBefore: later }, state, page)).toBeUndefined();
  expect(snapshotLineOf({})(shared, state, page)).toBeUndefined();
});

it('is kept whole, however long the text before it is', () => {
  const line = lineOf(shared, state, page) ?? '';
  const text = { title: 'x', description: '😀'.repeat(maxPageDescriptionLength), tags: [] };
  const { description: described } = requestOf(state, page, text, line);
  expect(described).toHaveLength(maxPageDescriptionLength);
  expect(described.isWellFormed()).toBe(true);
  expect(described.endsWith(`… (cut)\n\n${line}`)).toBe(true);
});

it.each([
  ['a URL without keys', { SNAPSHOT_URL: 'https://a.example' }, 'set both SNAPSHOT_URL and SNAPSHOT_KEYS'],
  ['keys without a URL', { SNAPSHOT_KEYS: keys }, 'set both SNAPSHOT_URL and SNAPSHOT_KEYS'],
  ['a link in clear text', { SNAPSHOT_URL: 'http://a.example', SNAPSHOT_KEYS: keys }, 'SNAPSHOT_URL must match'],
])('refuses %s', (_what, its, complaint) => {
  const needed = { KAFKA_BROKERS: 'kafka:9092', CREDENTIALS_PRIVATE_KEYS: '{}' };
  expect(() => snapshotLineOf(loadConfig(pageDeliveryConfig, { ...needed, ...its }))).toThrow(complaint);
});
