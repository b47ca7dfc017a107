import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import fc from 'fast-check';
import { after, aPage, taken } from '../domain/commands.features.ts';
import { aProcess, created } from './fakes.features.ts';
import { RestingAlerts } from './resting-alerts.ts';

const alert = (sourceOrg: string, alertKey: string, isOpen: boolean): [string, AlertState] => {
  const state = after(aPage({ sourceOrg, alertKey }));
  const status = isOpen ? 'delivered' : 'resolved';
  return [`${sourceOrg}/${alertKey}`, { ...state, pages: state.pages.map((page) => ({ ...page, status })) }];
};

describe('alerts at rest beyond their bound', () => {
  it('are forgotten of the org that holds most: its oldest ended ones, then its oldest open ones', () => {
    const resting = new RestingAlerts();
    for (let n = 0; n < 10; n += 1) {
      resting.keep(...alert('greedy', `open-${n}`, true));
      resting.keep(...alert('greedy', `ended-${n}`, false));
    }
    resting.keep(...alert('modest', 'open', true));
    const each = resting.bytes / resting.size;
    const surplus = resting.surplus(8 * each, 1000);

    expect(surplus?.sourceOrg).toBe('greedy');
    expect(surplus?.ended).toEqual(Array.from({ length: 10 }, (_, n) => `greedy/ended-${n}`));
    expect(surplus?.open.slice(0, 2)).toEqual(['greedy/open-0', 'greedy/open-1']);
  });

  it('leave whoever holds no more than an even share alone, and never more than the bound', () => {
    const sizes = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 40 }), { minKeys: 1 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), (orgs, room) => {
        const resting = new RestingAlerts();
        for (const [org, count] of Object.entries(orgs)) {
          for (let n = 0; n < count; n += 1) resting.keep(...alert(org, `alert-${n}`, n % 2 === 0));
        }
        const bytes = (room * resting.bytes) / resting.size;
        const modest = Object.keys(orgs).filter((org) => (orgs[org] ?? 0) < room / Object.keys(orgs).length - 1);
        for (let s = resting.surplus(bytes, 1000); resting.bytes > bytes && s; s = resting.surplus(bytes, 1000)) {
          expect(modest).not.toContain(s.sourceOrg);
          for (const key of [...s.ended, ...s.open]) resting.delete(key);
        }
        expect(resting.bytes).toBeLessThanOrEqual(bytes);
      }),
    );
  });

  it('weigh nothing once they are gone', () => {
    const resting = new RestingAlerts();
    const one = alert('acme-us', 'one', true);
    resting.keep(...one);
    resting.keep(...one);
    expect(resting.size).toBe(1);
    resting.delete(one[0]);
    expect([resting.size, resting.bytes, resting.get(one[0])]).toEqual([0, 0, undefined]);
  });
});

describe('an org that uses a new alert key for each event', () => {
  it('loses its oldest alerts, in the ledger too, while every new page goes out and others lose nothing', async () => {
    const process = aProcess({ restingBytes: 20_000 });
    const connection = process.connect();
    process.destination.always.set(connection.connectionId, created());
    process.own();
    await process.delivery.take(0, [taken(aPage({ alertKey: 'first' }))]);
    const flood = Array.from({ length: 200 }, (_, n) => aPage({ alertKey: `flood-${n}` }));
    for (const page of flood) await process.delivery.take(0, [taken(page)]);
    await process.clock.advance(1);
    for (let n = 0; n < 3; n += 1) {
      process.delivery.sweep();
      await process.clock.advance(1);
    }

    expect(process.destination.calls).toHaveLength(201);
    expect(process.ledger.shard(0)?.resting.bytes).toBeLessThanOrEqual(20_000);
    const left = [...process.log.read(0).keys()];
    expect(left).toContain('acme-us/flood-199');
    expect(left).not.toContain('acme-us/first');
  });
});
