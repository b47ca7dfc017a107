import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { changesOf } from './changes.ts';

describe('the changes between two views', () => {
  it('are the fields that differ, with those within fields', () => {
    const before = { name: 'Globex', enabled: true, credential: { revision: 1, checkStatus: 'passed' }, version: 3 };
    const after = { name: 'Globex', enabled: false, credential: { revision: 2, checkStatus: 'passed' }, version: 4 };
    expect(changesOf(before, after)).toEqual([
      { field: 'enabled', was: 'true', is: 'false' },
      { field: 'credential.revision', was: '1', is: '2' },
    ]);
  });

  it('are all fields of what was added or removed', () => {
    expect(changesOf(null, { name: 'ci', role: null })).toEqual([
      { field: 'name', was: undefined, is: 'ci' },
      { field: 'role', was: undefined, is: 'none' },
    ]);
    expect(changesOf({ name: 'ci' }, null)).toEqual([{ field: 'name', was: 'ci', is: undefined }]);
    expect(changesOf(null, null)).toEqual([]);
  });

  it('show a field that became an object, or was one', () => {
    expect(changesOf({ failover: null }, { failover: { teamHandle: 'ops' } })).toEqual([
      { field: 'failover', was: 'none', is: undefined },
      { field: 'failover.teamHandle', was: undefined, is: 'ops' },
    ]);
  });

  it('show lists, and what is left of large ones', () => {
    const [before, after] = [
      {
        localHandles: { count: 500, first: ['web'], sha256: 'a'.repeat(64) },
        note: { first: 'Once', sha256: 'b'.repeat(64) },
      },
      { localHandles: ['db', 'web'], note: '' },
    ];
    expect(changesOf(before, after)).toEqual([
      { field: 'localHandles', was: '500 values, among them web (SHA-256 aaaaaaaa…)', is: 'db, web' },
      { field: 'note', was: 'Once… (SHA-256 bbbbbbbb…)', is: 'none' },
    ]);
  });

  it('are none between equal views, whatever they are', () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (view) => {
        expect(changesOf(view, structuredClone(view))).toEqual([]);
      }),
    );
  });
});
