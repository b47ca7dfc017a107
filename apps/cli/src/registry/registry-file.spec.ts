import { describe, expect, it } from '@jest/globals';
import type { Connection, Handle, SourceOrg } from '@pagebridge/contracts';
import { aConnection, aHandle } from '@pagebridge/testing';
import fc from 'fast-check';
import { linesOf, registryIn } from './registry-file.ts';
import { RegistryTables } from './registry-tables.ts';

const textOf = (tables: RegistryTables, org?: string) => [...linesOf(tables, org)].join('\n');

type Fact = (tables: RegistryTables) => void;
const connection =
  (its: Connection): Fact =>
  (tables) =>
    tables.applyConnection(its.connectionId, its);
const handle =
  (its: Handle): Fact =>
  (tables) =>
    tables.applyHandle(its.directory, its.teamId, its);
const settings =
  (its: SourceOrg): Fact =>
  (tables) =>
    tables.applySourceOrg(its.sourceOrg, its);
function tablesOf(facts: readonly Fact[]): RegistryTables {
  const tables = new RegistryTables();
  for (const fact of facts) fact(tables);
  return tables;
}

const org = fc.constantFrom('acme-us', 'acme-eu');
const directory = fc.constantFrom('EU1/globex/1', 'AP1/initech/1');
const facts = fc.uniqueArray(
  fc.oneof(
    fc
      .record({
        connectionId: fc.uuid(),
        sourceOrg: org,
        directory,
        slug: fc.constantFrom('a', 'b', 'c'),
        enabled: fc.boolean(),
      })
      .map((its) => ({ id: its.connectionId, fact: connection(aConnection(its)) })),
    fc
      .record({
        teamId: fc.stringMatching(/^[a-z"\\]{1,9}$/),
        directory,
        teamHandle: fc.constantFrom('core', 'search'),
        ownerEpoch: fc.nat(9),
      })
      .map((its) => ({ id: `${its.directory}/${its.teamId}`, fact: handle(aHandle(its)) })),
    org.map((sourceOrg) => ({ id: sourceOrg, fact: settings({ sourceOrg, localHandles: ['own'], version: 1 }) })),
  ),
  { selector: ({ id }) => id },
);

describe('the file of a registry', () => {
  it('depends only on what the tables have, not on the order in which it came, and is read back as it was', () => {
    fc.assert(
      fc.property(facts, fc.infiniteStream(fc.nat()), (all, keys) => {
        const shuffled = all.map((each) => ({ each, key: keys.next().value ?? 0 })).toSorted((a, b) => a.key - b.key);
        const text = textOf(tablesOf(all.map(({ fact }) => fact)));
        expect(textOf(tablesOf(shuffled.map(({ each }) => each.fact)))).toBe(text);
        expect(textOf(registryIn(text))).toBe(text);
        expect(text.split('\n')).toHaveLength(all.length + 9);
      }),
    );
  });

  it('has no credential, and nothing that a sync changes while the teams stay the same', () => {
    const its = aConnection({ credential: { sealed: 'secret', revision: 1, checkedAt: '2026-01-01T00:00:00Z' } });
    const texts = [1, 2].map((ownerEpoch) => {
      const tables = tablesOf([connection(its), handle(aHandle({ teamId: 't', ownerEpoch }))]);
      const at = `2026-01-0${ownerEpoch}T00:00:00Z`;
      const status = { directory: its.directory, teams: 1, unread: 0, refused: [], at, ownerEpoch };
      tables.applyDirectory(its.directory, status);
      return textOf(tables);
    });
    expect(texts[0]).toBe(texts[1]);
    expect(texts[0]).not.toMatch(/credential|secret/);
  });

  it('of one org has what that org can page, and nothing of others', () => {
    const mine = aConnection({ sourceOrg: 'acme-us', directory: 'EU1/globex/1' });
    const theirs = aConnection({ sourceOrg: 'acme-eu', directory: 'AP1/initech/1' });
    const teams = [mine, theirs].map(({ directory }) => handle(aHandle({ directory })));
    const text = textOf(tablesOf([connection(mine), connection(theirs), ...teams]), 'acme-us');
    expect(text).toContain('EU1/globex/1');
    expect(text).not.toMatch(/acme-eu|initech/);
  });

  it.each([
    ['{', /JSON/],
    ['{"format": "pagebridge-registry/v9"}', /use the output of registry export/],
    ['{"format": "pagebridge-registry/v1", "handles": {}}', /handles must be a list/],
    ['{"format": "pagebridge-registry/v1", "handles": [7]}', /handles\[0\]: directory is missing/],
    [
      '{"format": "pagebridge-registry/v1", "sourceOrgs": [{"sourceOrg": "A B", "localHandles": [], "version": 1}]}',
      /sourceOrgs\[0\]: sourceOrg must match/,
    ],
  ])('is refused with the place that is wrong: %s', (text, complaint) => {
    expect(() => registryIn(text)).toThrow(complaint);
  });
});
