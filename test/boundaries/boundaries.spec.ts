import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = join(import.meta.dirname, '../..');
const cruiser = join(root, 'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs');

interface Cruise {
  readonly modules: readonly { source: string; dependencies: readonly { resolved: string }[] }[];
  readonly summary: {
    readonly violations: readonly { from: string; rule: { name: string } }[];
    readonly ruleSetUsed: { readonly forbidden: readonly { name: string }[] };
  };
}

function cruise(folder: string, ...what: string[]): Cruise {
  const args = [cruiser, '--config', join(root, '.dependency-cruiser.js'), '--output-type', 'json', ...what];
  const { stdout, stderr } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8', maxBuffer: 2 ** 28 });
  if (!stdout) throw new Error(stderr);
  return JSON.parse(stdout);
}

const found = ({ summary }: Cruise) => summary.violations.map(({ rule, from }) => `${rule.name}: ${from}`).toSorted();

/** Returns the violations in a folder with these files, each of which imports the given modules. */
function violationsOf(files: Readonly<Record<string, readonly string[]>>): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'boundaries-'));
  try {
    for (const [file, imports] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), imports.map((path) => `import '${path}';\n`).join(''));
    }
    return found(cruise(folder, ...new Set(Object.keys(files).map((file) => file.replace(/\/.*/, '')))));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

describe('the boundary rules', () => {
  it('allow a domain only pure modules', () => {
    const domain = 'apps/sample/src/domain';
    const files = { [`${domain}/pure.ts`]: ['node:crypto'], [`${domain}/impure.ts`]: ['node:fs'] };
    expect(violationsOf(files)).toEqual([`domain-is-pure: ${domain}/impure.ts`]);
  });

  it('allow no app to import another app', () => {
    const files = { 'apps/one/src/main.ts': ['../../other/src/main.ts'], 'apps/other/src/main.ts': [] };
    const broken = ['apps-never-import-each-other', 'through-the-index'];
    expect(violationsOf(files)).toEqual(broken.map((rule) => `${rule}: apps/one/src/main.ts`));
  });

  it('allow a library only the libraries that its rule names', () => {
    const files = {
      'libs/routing/src/index.ts': ['../../vocabulary/src/index.ts', '../../kafka/src/index.ts'],
      'libs/kafka/src/index.ts': [],
      'libs/vocabulary/src/index.ts': [],
    };
    expect(violationsOf(files)).toEqual(['routing-dependencies: libs/routing/src/index.ts']);
  });

  it('name every library, hold in all of the code, and see packages as their sources', () => {
    const cruised = cruise(root, 'apps', 'libs', 'test', 'deploy');
    expect(found(cruised)).toEqual([]);
    const rules = cruised.summary.ruleSetUsed.forbidden.map(({ name }) => name);
    // A library for tests may import any other.
    const libraries = readdirSync(join(root, 'libs')).filter((name) => name !== 'testing');
    expect(rules).toEqual(expect.arrayContaining(libraries.map((name) => `${name}-dependencies`)));
    const contract = cruised.modules.find(({ source }) => source === 'libs/contracts/src/schema/fields.ts');
    expect(contract?.dependencies.map(({ resolved }) => resolved)).toContain('libs/vocabulary/src/index.ts');
  });
});
