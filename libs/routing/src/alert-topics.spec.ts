import { beforeEach, describe, expect, it } from '@jest/globals';
import { AlertTopics } from './alert-topics.ts';

const org = 'acme-us';
const shared = 'paging.alerts.v1';
const own = 'paging.org-alerts.v1.acme-us';
const alertTopicSince = '2026-06-01T00:00:00.000Z';
const sinceMs = Date.parse(alertTopicSince);
let topics: AlertTopics;

const configure = (alertTopic: 'shared' | 'both' | 'own' | undefined, version: number) =>
  topics.apply(org, {
    sourceOrg: org,
    localHandles: [],
    version,
    ...(alertTopic ? { alertTopic, alertTopicSince } : {}),
  });
const reasonOn = (topic: string, sourceOrg = org, writtenAtMs = sinceMs) =>
  topics.refusalOf(sourceOrg, topic, writtenAtMs)?.reason;

beforeEach(() => {
  topics = new AlertTopics();
});

describe('the alert topics of source orgs', () => {
  it.each(['both', 'own'] as const)('are read while the setting is %s', (alertTopic) => {
    configure(undefined, 1);
    expect([topics.topics, topics.revision]).toEqual([[], 0]);
    configure(alertTopic, 2);
    configure(alertTopic, 3);
    expect([topics.topics, topics.revision, topics.isOwner(org)]).toEqual([[own], 1, true]);
    configure('shared', 4);
    expect([topics.topics, topics.revision]).toEqual([[], 2]);
    configure(alertTopic, 5);
    topics.apply(org, null);
    expect([topics.topics, topics.revision, topics.isOwner(org)]).toEqual([[], 4, false]);
  });

  it('accept alerts of their org only, whatever the setting is', () => {
    expect(reasonOn(own)).toBeUndefined();
    expect(reasonOn(own, 'initech-us')).toBe('foreign-source-org');
    configure('own', 1);
    expect(reasonOn(own)).toBeUndefined();
    expect(reasonOn(own, 'initech-us')).toBe('foreign-source-org');
  });

  it('are the only ones if the setting is `own`, except for alerts in flight on the shared topic', () => {
    configure('both', 1);
    expect(reasonOn(shared)).toBeUndefined();
    configure('own', 2);
    expect(reasonOn(shared)).toBe('not-its-topic');
    expect(reasonOn(shared, org, sinceMs - 1)).toBeUndefined();
    expect(reasonOn(shared, 'initech-us')).toBeUndefined();
  });
});
