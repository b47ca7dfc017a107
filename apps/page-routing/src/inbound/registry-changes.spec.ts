import { describe, expect, it } from '@jest/globals';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { AlertTopics } from '@pagebridge/routing';
import { RegistryChanges } from './registry-changes.ts';

const sourceOrg = 'acme-us';
const since = '2026-06-01T00:00:00.000Z';

describe('an outdated record of settings', () => {
  it.each([
    ['has given up its own topic', 'own', 'shared', undefined],
    ['has been given its own topic', 'shared', 'own', 'not-its-topic'],
  ] as const)('is ignored for an org that %s since', (_case, before, now, refused) => {
    const topics = new AlertTopics();
    const late = { teamsKnown: () => undefined, orgChanged: () => undefined };
    const changes = new RegistryChanges(new HandleRegistry(), late, topics);
    const configure = (alertTopic: 'shared' | 'own', version: number) =>
      changes.applySourceOrg(sourceOrg, { sourceOrg, localHandles: [], version, alertTopic, alertTopicSince: since });
    configure(before, 1);
    configure(now, 2);
    configure(before, 1);
    expect(topics.refusalOf(sourceOrg, 'paging.alerts.v1', Date.parse(since))?.reason).toBe(refused);
    expect(topics.isOwner(sourceOrg)).toBe(now === 'own');
  });
});
