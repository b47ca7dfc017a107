import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import fc from 'fast-check';
import { after, aPage } from '../commands/commands.fixtures.ts';
import { IdleAlerts } from './idle-alerts.ts';

const alert = (sourceOrg: string, alertKey: string, isOpen: boolean): [string, AlertState] => {
  const state = after(aPage({ sourceOrg, alertKey }));
  const status = isOpen ? 'delivered' : 'resolved';
  return [`${sourceOrg}/${alertKey}`, { ...state, pages: state.pages.map((page) => ({ ...page, status })) }];
};

describe('idle alerts beyond their bound', () => {
  it('are forgotten from the largest org: its oldest ended ones, then its oldest open ones', () => {
    const idle = new IdleAlerts();
    for (let n = 0; n < 10; n += 1) {
      idle.keep(...alert('greedy', `open-${n}`, true));
      idle.keep(...alert('greedy', `ended-${n}`, false));
    }
    idle.keep(...alert('modest', 'open', true));
    const each = idle.bytes / idle.size;
    const surplus = idle.surplus(8 * each, 1000);

    expect(surplus?.sourceOrg).toBe('greedy');
    expect(surplus?.keys.slice(0, 10)).toEqual(Array.from({ length: 10 }, (_, n) => `greedy/ended-${n}`));
    expect(surplus?.keys.slice(10, 12)).toEqual(['greedy/open-0', 'greedy/open-1']);
  });

  it('are never those of an org within an even share, and the rest never exceeds the bound', () => {
    const sizes = fc.dictionary(fc.constantFrom('a', 'b', 'c', 'd'), fc.integer({ min: 1, max: 40 }), { minKeys: 1 });
    fc.assert(
      fc.property(sizes, fc.integer({ min: 1, max: 60 }), (orgs, room) => {
        const idle = new IdleAlerts();
        for (const [org, count] of Object.entries(orgs)) {
          for (let n = 0; n < count; n += 1) idle.keep(...alert(org, `alert-${n}`, n % 2 === 0));
        }
        const bytes = (room * idle.bytes) / idle.size;
        const modest = Object.keys(orgs).filter((org) => (orgs[org] ?? 0) < room / Object.keys(orgs).length - 1);
        for (let s = idle.surplus(bytes, 1000); idle.bytes > bytes && s; s = idle.surplus(bytes, 1000)) {
          expect(modest).not.toContain(s.sourceOrg);
          for (const key of s.keys) idle.delete(key);
        }
        expect(idle.bytes).toBeLessThanOrEqual(bytes);
      }),
    );
  });

  it('take no memory once they are forgotten', () => {
    const idle = new IdleAlerts();
    const one = alert('acme-us', 'one', true);
    idle.keep(...one);
    expect(idle.size).toBe(1);
    idle.delete(one[0]);
    expect([idle.size, idle.bytes, idle.get(one[0])]).toEqual([0, 0, undefined]);
  });
});
