import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { onlyFilters, parseFilters, writeFilters } from './filters.ts';

const name = fc.constantFrom('q', 'status', 'connection', 'from', 'after');
const text = fc.oneof(
  fc.string({ minLength: 1, unit: 'grapheme' }),
  fc.constantFrom('723421968459640832', '662E41', 'a/b', '100%', '#?&=+', 'true', 'null', '[1]', ' '),
);

describe('filters', () => {
  it('are the same again after the address, whatever was typed', () => {
    fc.assert(
      fc.property(fc.dictionary(name, text), (filters) => {
        expect(parseFilters(writeFilters(filters))).toEqual({ ...filters });
      }),
    );
  });

  it('leave no parameter in the address for what is not filtered', () => {
    expect(writeFilters({ q: '', status: undefined, view: 'all' })).toBe('?view=all');
    expect(writeFilters({})).toBe('');
  });

  it('ignore parameters that the screen does not have', () => {
    expect(onlyFilters('q')({ q: 'core', utm_source: 'mail' })).toEqual({ q: 'core' });
  });
});
