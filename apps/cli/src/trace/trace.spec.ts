import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { run } from '../run.fixtures.ts';
import { KafkaSources } from './kafka-sources.ts';

afterEach(() => {
  jest.restoreAllMocks();
});

const kafka = ['--kafka', '--brokers', '127.0.0.1:1'];
const unread = (sources: KafkaSources) => sources.unread.add('paging.alerts.v1');

describe('a trace of which topics could not be read', () => {
  it.each([true, false])('does not say that the alert never came, unless all were read: %j', async (isUnread) => {
    jest.spyOn(KafkaSources.prototype, 'about').mockImplementation(async function (this: KafkaSources) {
      if (isUnread) unread(this);
      const nothing = { hops: [], ledger: undefined, connections: new Map(), missing: [], keptSince: new Map() };
      return { sourceOrg: 'acme-us', alertKey: 'm', ...nothing, lags: [] };
    });
    const { status, stdout, stderr } = await run(['trace', 'm', '--org', 'acme-us', ...kafka]);
    expect(status).toBe(isUnread ? 4 : 3);
    expect(stdout.includes('Alert not found')).toBe(!isUnread);
    expect(stderr.includes('paging.alerts.v1')).toBe(isUnread);
  });

  it('does not say that a page is not known', async () => {
    jest.spyOn(KafkaSources.prototype, 'alertsOfPage').mockImplementation(async function (this: KafkaSources) {
      unread(this);
      return [];
    });
    const { status, stderr } = await run(['trace', '--page', 'p', ...kafka]);
    expect({ status, stderr }).toEqual({
      status: 4,
      stderr: expect.stringContaining('are not readable for this user'),
    });
  });
});
