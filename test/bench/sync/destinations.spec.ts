import { describe, expect, it } from '@jest/globals';
import { keysOfEach, type Org, placesAmong, sourceOrgOf } from './destinations.ts';

const orgNumber = (n: number): Org => ({
  dataCenter: { name: `D${n}`, site: 'a', location: 'b', apiUrl: 'http://a', pagingUrl: 'http://a' },
  org: { id: `org-${n}`, name: `destination-${n}` },
  directory: `D${n}/org-${n}/account-1`,
  controlUrl: 'http://a',
  apiKey: 'api-key',
  applicationKeys: Array.from({ length: keysOfEach }, (_, key) => `${n}/${key}`),
});

describe('the connections of the benchmark of handle-sync', () => {
  it.each([
    [2, 50],
    [20, 50],
    [200, 200],
  ])('use every key of %i destinations once, for %i source orgs', (destinations, sourceOrgs) => {
    const orgs = Array.from({ length: destinations }, (_, n) => orgNumber(n));
    const places = placesAmong(orgs);
    const keys = new Set(places.map(({ applicationKey }) => applicationKey));
    const pairs = new Set(places.map(({ sourceOrg, org }) => `${sourceOrg} ${org.directory}`));
    expect([places.length, keys.size, pairs.size]).toEqual(Array(3).fill(destinations * keysOfEach));
    expect(new Set(places.map(({ sourceOrg }) => sourceOrg)).size).toBe(sourceOrgs);
    expect(orgs.every(({ directory }, n) => pairs.has(`${sourceOrgOf(n)} ${directory}`))).toBe(true);
    expect(places.every(({ org, applicationKey }) => org.applicationKeys.includes(applicationKey))).toBe(true);
  });
});
