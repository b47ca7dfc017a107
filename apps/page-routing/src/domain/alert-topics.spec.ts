import { beforeEach, describe, expect, it } from '@jest/globals';
import { AlertTopics } from './alert-topics.ts';

const org = 'acme-us';
const shared = 'paging.alerts.v1';
const own = 'paging.org-alerts.v1.acme-us';
const alertTopicSince = '2026-06-01T00:00:00.000Z';
const sinceMs = Date.parse(alertTopicSince);
let topics: AlertTopics;

const settle = (alertTopic: 'shared' | 'both' | 'own' | undefined, version: number) =>
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

describe('the topics of source orgs', () => {
  it.each(['both', 'own'] as const)('are those of orgs that settled %s, until they settle otherwise', (alertTopic) => {
    settle(undefined, 1);
    expect([topics.topics, topics.revision]).toEqual([[], 0]);
    settle(alertTopic, 2);
    settle(alertTopic, 3);
    expect([topics.topics, topics.revision, topics.isOwner(org)]).toEqual([[own], 1, true]);
    settle('shared', 4);
    expect([topics.topics, topics.revision]).toEqual([[], 2]);
    settle(alertTopic, 5);
    topics.apply(org, null);
    expect([topics.topics, topics.revision, topics.isOwner(org)]).toEqual([[], 4, false]);
  });

  it('take alerts of their org alone, whatever is settled', () => {
    expect(reasonOn(own)).toBeUndefined();
    expect(reasonOn(own, 'initech-us')).toBe('foreign-source-org');
    settle('own', 1);
    expect(reasonOn(own)).toBeUndefined();
    expect(reasonOn(own, 'initech-us')).toBe('foreign-source-org');
  });

  it('are the only ones once their org settled so, except for what was in flight', () => {
    settle('both', 1);
    expect(reasonOn(shared)).toBeUndefined();
    settle('own', 2);
    expect(reasonOn(shared)).toBe('not-its-topic');
    expect(reasonOn(shared, org, sinceMs - 1)).toBeUndefined();
    expect(reasonOn(shared, 'initech-us')).toBeUndefined();
  });
});
