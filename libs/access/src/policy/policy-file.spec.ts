import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { PolicyError } from './parse-policy.ts';
import { PolicyFile } from './policy-file.ts';

const policyFor = (audience: string) => `
issuers: [{ issuer: 'https://a.example', audience: ${audience} }]
rules: [{ claim: groups, value: operators, role: operator }]
`;

let folder: string;
let told: string[];
const notices = {
  loaded: () => void told.push('loaded'),
  refused: (detail: string) => void told.push(detail),
};
const path = () => join(folder, 'policy.yaml');
const audienceOf = (file: PolicyFile) => file.policy?.issuers.get('https://a.example')?.audience;

async function lookTwice(file: PolicyFile): Promise<void> {
  await file.look();
  await file.look();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-'));
  told = [];
  writeFileSync(path(), policyFor('first'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the policy in force', () => {
  it('is that of the file, also once it has changed', async () => {
    const file = new PolicyFile(path(), notices);
    expect(audienceOf(file)).toBe('first');
    await lookTwice(file);
    expect(told).toEqual([]);
    writeFileSync(path(), policyFor('second'));
    await lookTwice(file);
    await lookTwice(file);
    expect([audienceOf(file), ...told]).toEqual(['second', 'loaded']);
  });

  it('changes as Kubernetes changes a ConfigMap: by the swap of a link to a folder', async () => {
    const version = (name: string) => {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'policy.yaml'), policyFor(name));
      symlinkSync(name, join(folder, '..data_tmp'));
      renameSync(join(folder, '..data_tmp'), join(folder, '..data'));
    };
    version('one');
    rmSync(path());
    symlinkSync('..data/policy.yaml', path());
    const file = new PolicyFile(path(), notices);
    expect(audienceOf(file)).toBe('one');
    version('two');
    await lookTwice(file);
    expect(audienceOf(file)).toBe('two');
  });

  it('stays where the new one is bad or gone, which is told once; and goes on when it is good again', async () => {
    const file = new PolicyFile(path(), notices);
    writeFileSync(path(), 'rules: []');
    await lookTwice(file);
    await lookTwice(file);
    rmSync(path());
    await lookTwice(file);
    await lookTwice(file);
    expect(audienceOf(file)).toBe('first');
    writeFileSync(path(), policyFor('third'));
    await lookTwice(file);
    expect(audienceOf(file)).toBe('third');
    expect(told).toEqual([
      expect.stringContaining('issuers is missing'),
      expect.stringContaining('it cannot be read (ENOENT)'),
      'loaded',
    ]);
  });

  it('does not change while the file is being written', async () => {
    const file = new PolicyFile(path(), notices);
    for (const audience of ['half', 'whole']) {
      writeFileSync(path(), policyFor(audience));
      await file.look();
    }
    expect(audienceOf(file)).toBe('first');
    await file.look();
    expect(audienceOf(file)).toBe('whole');
  });

  it('may be bad at the start of what must not wait for it: then there is none, until it is good', async () => {
    writeFileSync(path(), 'rules: []');
    const file = new PolicyFile(path(), notices, true);
    expect(file.policy).toBeUndefined();
    expect(told).toEqual([expect.stringContaining('issuers is missing')]);
    writeFileSync(path(), policyFor('good'));
    await lookTwice(file);
    expect(audienceOf(file)).toBe('good');
  });

  it('must be good at any other start', () => {
    writeFileSync(path(), 'rules: []');
    expect(() => new PolicyFile(path(), notices)).toThrow(PolicyError);
    expect(() => new PolicyFile(join(folder, 'none'), notices)).toThrow('it cannot be read (ENOENT)');
  });
});
