import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { alertOf, curlOf, usual } from './draft.ts';

const now = new Date('2026-11-29T03:12:04.000Z');

describe('alertOf', () => {
  it('returns an alert with the usual title and key in place of empty ones', () => {
    expect(alertOf('acme-us', { ...usual, message: '@oncall-a', title: '', alertKey: '' }, now)).toEqual({
      sourceOrg: 'acme-us',
      alertKey: 'explain',
      transition: 'triggered',
      origin: 'monitor',
      title: 'Explain',
      message: '@oncall-a',
      occurredAt: '2026-11-29T03:12:04.000Z',
    });
  });

  it('names a priority only if one is chosen', () => {
    expect(alertOf('acme-us', { ...usual, message: '', priority: 'P1' }, now)).toHaveProperty('priority', 'P1');
  });
});

describe('curlOf', () => {
  it('returns a line from which a shell sends the same alert, whatever its text', () => {
    const draft = { ...usual, message: `it's "down" \\ $HOME \`id\` !! %s\n@oncall-a` };
    const line = `curl() { for last; do :; done; printf %s "$last"; }; ${curlOf('acme-us', draft, now)}`;
    const sent = execFileSync('sh', ['-c', line], { encoding: 'utf8' });
    expect(JSON.parse(sent)).toEqual(alertOf('acme-us', draft, now));
  });
});
