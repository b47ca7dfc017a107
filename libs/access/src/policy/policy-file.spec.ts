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
let noticed: string[];
const notices = {
  loaded: () => void noticed.push('loaded'),
  refused: (detail: string) => void noticed.push(detail),
};
const path = () => join(folder, 'policy.yaml');
const audienceOf = (file: PolicyFile) => file.policy?.issuers.get('https://a.example')?.audience;

async function pollTwice(file: PolicyFile): Promise<void> {
  await file.poll();
  await file.poll();
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'policy-'));
  noticed = [];
  writeFileSync(path(), policyFor('first'));
});
afterEach(() => rmSync(folder, { recursive: true }));

describe('the policy in force', () => {
  it('is that of the file, also after the file has changed', async () => {
    const file = new PolicyFile(path(), notices);
    expect(audienceOf(file)).toBe('first');
    await pollTwice(file);
    expect(noticed).toEqual([]);
    writeFileSync(path(), policyFor('second'));
    await pollTwice(file);
    await pollTwice(file);
    expect([audienceOf(file), ...noticed]).toEqual(['second', 'loaded']);
  });

  it('changes when Kubernetes updates a ConfigMap, by the swap of a link to a folder', async () => {
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
    await pollTwice(file);
    expect(audienceOf(file)).toBe('two');
  });

  it('stays when the file becomes invalid or disappears, which is reported once, and changes with the next valid file', async () => {
    const file = new PolicyFile(path(), notices);
    writeFileSync(path(), 'rules: []');
    await pollTwice(file);
    await pollTwice(file);
    rmSync(path());
    await pollTwice(file);
    await pollTwice(file);
    expect(audienceOf(file)).toBe('first');
    writeFileSync(path(), policyFor('third'));
    await pollTwice(file);
    expect(audienceOf(file)).toBe('third');
    expect(noticed).toEqual([
      expect.stringContaining('issuers is missing'),
      expect.stringContaining('the file cannot be read (ENOENT)'),
      'loaded',
    ]);
  });

  it('does not change while the file is being written', async () => {
    const file = new PolicyFile(path(), notices);
    for (const audience of ['half', 'whole']) {
      writeFileSync(path(), policyFor(audience));
      await file.poll();
    }
    expect(audienceOf(file)).toBe('first');
    await file.poll();
    expect(audienceOf(file)).toBe('whole');
  });

  it('may be missing at the start with mayBeInvalid, until the file is valid', async () => {
    writeFileSync(path(), 'rules: []');
    const file = new PolicyFile(path(), notices, true);
    expect(file.policy).toBeUndefined();
    expect(noticed).toEqual([expect.stringContaining('issuers is missing')]);
    writeFileSync(path(), policyFor('good'));
    await pollTwice(file);
    expect(audienceOf(file)).toBe('good');
  });

  it('must be valid at any other start', () => {
    writeFileSync(path(), 'rules: []');
    expect(() => new PolicyFile(path(), notices)).toThrow(PolicyError);
    expect(() => new PolicyFile(join(folder, 'none'), notices)).toThrow(
      `the file cannot be read (ENOENT): ${join(folder, 'none')}`,
    );
  });
});
