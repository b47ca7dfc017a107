import { describe, expect, it } from '@jest/globals';
import { Alerts } from '@pagebridge/contracts';
import { Seeded } from '../seed.ts';
import { HostileRecords } from './records.ts';

const target = {
  sourceOrg: 'mallory-ap',
  teams: ['mallory-core', 'd01-web'],
  badlyAnsweredTeams: ['mallory-core'],
  foreignKeys: ['acme-us/monitor:1'],
};

describe('hostile records', () => {
  it('include decodable ones, all of the hostile org, and every other kind', () => {
    const records = new HostileRecords(new Seeded(7), target);
    const kinds = new Map<string, { legal: number; orgs: Set<string> }>();
    for (let i = 0; i < 400; i += 1) {
      const { kind, ...record } = records.next();
      const decoded = Alerts.decode(record);
      const seen = kinds.get(kind) ?? { legal: 0, orgs: new Set<string>() };
      kinds.set(kind, seen);
      if (!decoded.ok) continue;
      seen.legal += 1;
      seen.orgs.add(decoded.event.data.sourceOrg);
    }
    for (const kind of ['legal', 'legal at its bounds', 'mutated', 'headers', 'key of another']) {
      expect(kinds.get(kind)).toEqual({ legal: expect.any(Number), orgs: new Set(['mallory-ap']) });
      expect(kinds.get(kind)?.legal).toBeGreaterThan(0);
    }
    expect(kinds.get('bytes')?.legal).toBe(0);
    expect([...kinds.keys()]).toEqual(expect.arrayContaining(['960000 digits', 'answered badly: refuse me']));
  });
});
