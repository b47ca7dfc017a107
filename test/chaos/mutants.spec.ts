import { describe, expect, it } from '@jest/globals';
import { isCaught, mutantNames, patched } from './mutants.ts';

const name = 'commit-before-ledger';
const counts = { delivered: 200, lost: 80, duplicatesUntagged: 0, orderViolations: 1, joinedClosed: 0 };
const healthy = { endedByThemselves: [], errors: [] };

describe('a mutant', () => {
  it.each(mutantNames)('%s fits into the built page-delivery', (mutant) => {
    expect(() => patched(mutant)).not.toThrow();
  });

  it('is caught by its own number', () => {
    expect(isCaught(name, counts, healthy)).toBe(true);
    expect(isCaught(name, { ...counts, lost: 0 }, healthy)).toBe(false);
  });

  it('is not caught if it crashes, logs an error or delivers nothing, whatever the audit finds', () => {
    expect(isCaught(name, counts, { ...healthy, endedByThemselves: ['page-delivery-1'] })).toBe(false);
    expect(isCaught(name, counts, { ...healthy, errors: ['A handler throws'] })).toBe(false);
    expect(isCaught(name, { ...counts, delivered: 0 }, healthy)).toBe(false);
  });
});
