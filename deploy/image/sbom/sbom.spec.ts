import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { root } from '@pagebridge/local-stack/base';
import { neededBy, type Sbom } from './production.ts';

let sbom: Sbom & { readonly bomFormat: string };
let packages: readonly string[];
beforeAll(() => {
  const script = join(import.meta.dirname, 'print-sbom.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [script], { encoding: 'utf8', maxBuffer: 2 ** 26 });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  sbom = JSON.parse(stdout);
  packages = sbom.components.map(({ purl }) => decodeURIComponent(purl));
});

const at = (folder: string) => JSON.parse(readFileSync(join(root, folder, 'package.json'), 'utf8'));
const named = ([name, version]: readonly [string, unknown]) => `pkg:npm/${name}@${version}`;

describe('npm run sbom', () => {
  it.each([
    ...['connection-management', 'handle-sync', 'page-routing', 'page-delivery', 'alert-intake', 'page-history'].map(
      (it) => `apps/${it}`,
    ),
    'apps/cli',
    // Its packages are bundled into what its gateway serves.
    ...['console-gateway', 'console'].map((it) => `apps/${it}`),
    ...['access', 'database', 'service', 'kafka', 'topics'].map((it) => `libs/${it}`),
  ])('has each package that %s depends on, and itself', (folder) => {
    const { name, version, dependencies } = at(folder);
    expect(packages).toEqual(
      expect.arrayContaining([[name, version] as const, ...Object.entries(dependencies)].map(named)),
    );
  });

  it('knows the packages that are bundled into the console, and leaves out what bundles them', () => {
    const bundled = [...neededBy(sbom, '@pagebridge/console')].map((purl) => purl.replace(/@[^@]*$/, ''));
    expect(bundled).toEqual(expect.arrayContaining(['pkg:npm/react', 'pkg:npm/%40floating-ui/dom']));
    expect(bundled.filter((purl) => /vite|%40types|%40nestjs|\/typescript/.test(purl))).toEqual([]);
  });

  it('has no package that only development needs, and nothing of the local stack and the tests', () => {
    const { devDependencies } = at('.');
    // mysql2 has @types/node as a peer dependency.
    const shared = ['@types/node', ...Object.keys(at('libs/access').dependencies)];
    const only = Object.entries(devDependencies).filter(([name]) => !shared.includes(name));
    // npm would install optional peers, such as typescript for Nest; the document lists them as optional.
    const required = packages.filter((_, index) => sbom.components[index]?.scope === 'required');
    const others = ['oidc-provider', 'fast-check', '@platformatic/kafka', '@pagebridge/testing'];
    expect(required.filter((it) => only.map(named).includes(it))).toEqual([]);
    expect(packages.filter((it) => others.some((name) => it.startsWith(`pkg:npm/${name}@`)))).toEqual([]);
  });

  it('describes Pagebridge, and refers to no missing component', () => {
    expect(sbom).toMatchObject({ bomFormat: 'CycloneDX', metadata: { component: { name: 'pagebridge' } } });
    const refs = new Set(sbom.components.map((component) => component['bom-ref']));
    expect(
      sbom.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]).filter((ref) => !refs.has(ref)),
    ).toEqual([]);
  });
});
