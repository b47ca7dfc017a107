import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { root } from '@pagebridge/local-stack/base';
import { faultsOf, linesOfServices, logFields } from './log-schema.ts';

const always = { level: 'warn', time: '2026-06-01T00:00:00Z', service: 'page-routing', version: '0.1.0', message: 'm' };

describe('the schema of the logs', () => {
  it('refuses a field of two types, also one that it does not list', () => {
    expect(faultsOf([{ ...always, error: 'away' }])).toEqual(['page-routing has error as string, not object, in: m']);
    const lines = [
      { ...always, leftOut: 1 },
      { ...always, leftOut: null },
      { ...always, leftOut: ['a'] },
    ];
    expect(faultsOf(lines)).toEqual(['page-routing has leftOut as array, not number, in: m']);
  });

  it('refuses a line without one of the fields that each line has', () => {
    const { version: _version, ...without } = always;
    expect(faultsOf([without])).toEqual(['page-routing has no version in: m']);
  });

  it('refuses a warning about a page without its org, the reason and the cure', () => {
    const missing = ['sourceOrg', 'reason', 'cure'].map((name) => `page-routing has no ${name} in: m`);
    expect(faultsOf([{ ...always, alertKey: 'a' }])).toEqual(missing);
    expect(faultsOf([{ ...always, alertKey: 'a', sourceOrg: 'acme', reason: 'r', cure: 'c' }])).toEqual([]);
  });

  it('reads the lines of services among those of other programs, and no line that is still being written', () => {
    const text = `[2026] INFO Kafka\n${JSON.stringify(always)}\n{"level":"info","ti`;
    expect(linesOfServices(text)).toEqual([always]);
  });

  it('is the table of docs/operate.md', () => {
    const rows = readFileSync(join(root, 'docs/operate.md'), 'utf8').matchAll(
      /^\| (`\w+`(?:, `\w+`)*) \| (string|number|object) \|/gm,
    );
    const documented = [...rows].flatMap(([, names = '', type]) =>
      names.split(', ').map((name) => [name.slice(1, -1), type]),
    );
    expect(Object.fromEntries(documented)).toEqual(logFields);
  });
});
