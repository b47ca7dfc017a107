import { describe, expect, it } from '@jest/globals';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { AlertTopics } from '../domain/alert-topics.ts';
import { RegistryChanges } from './registry-changes.ts';

const sourceOrg = 'acme-us';
const since = '2026-06-01T00:00:00.000Z';

describe('a record of settings that comes late', () => {
  it.each([
    ['gave its topic up', 'own', 'shared', undefined],
    ['came to have one', 'shared', 'own', 'not-its-topic'],
  ] as const)('changes nothing of an org that %s since', (_what, before, now, refused) => {
    const topics = new AlertTopics();
    const late = { teamsKnown: () => undefined, orgChanged: () => undefined };
    const changes = new RegistryChanges(new HandleRegistry(), late, topics);
    const settle = (alertTopic: 'shared' | 'own', version: number) =>
      changes.applySourceOrg(sourceOrg, { sourceOrg, localHandles: [], version, alertTopic, alertTopicSince: since });
    settle(before, 1);
    settle(now, 2);
    settle(before, 1);
    expect(topics.refusalOf(sourceOrg, 'paging.alerts.v1', Date.parse(since))?.reason).toBe(refused);
    expect(topics.isOwner(sourceOrg)).toBe(now === 'own');
  });
});
