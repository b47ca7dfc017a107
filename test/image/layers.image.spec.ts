import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { installedIn, neededBy, programs, type Sbom } from '@pagebridge/image';
import { localFolder, root } from '@pagebridge/local-stack';
import { builtImage } from './containers.ts';
import { Layers } from './layers.ts';

const maxPackedBytes = 130_000_000;
const image = builtImage();
let layers: Layers;
let app: string;
beforeAll(() => {
  layers = new Layers(image.archive, join(localFolder, 'image', 'unpacked'));
  app = join(layers.rootFiles, 'app');
});

const json = (file: string) => JSON.parse(readFileSync(file, 'utf8'));
const filesIn = (folder: string, pattern: string) => globSync(pattern, { cwd: folder });

describe('the image', () => {
  it('takes at most 130 MB', async () => {
    const bytes = await layers.packedBytes();
    process.stderr.write(`the image takes ${(bytes / 1_000_000).toFixed(1)} MB, on ${image.base}\n`);
    expect(bytes).toBeLessThanOrEqual(maxPackedBytes);
  });

  it('says who runs it, how it is entered, and what it is', () => {
    const { name, version, license, description } = json(join(root, 'package.json'));
    expect(layers.config).toMatchObject({
      User: '65532:65532',
      WorkingDir: '/app',
      Entrypoint: ['/usr/local/bin/node', '/app/pagebridge.js'],
      Labels: {
        'org.opencontainers.image.title': name,
        'org.opencontainers.image.description': description,
        'org.opencontainers.image.version': version,
        'org.opencontainers.image.licenses': license,
        'org.opencontainers.image.revision': expect.stringMatching(/^[0-9a-f]{40}(-modified)?$/),
        'org.opencontainers.image.created': expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      },
    });
  });

  it('has every program that it names', () => {
    for (const { file } of Object.values(programs)) expect([file, existsSync(join(app, file))]).toEqual([file, true]);
  });

  it('has the packages of its SBOM and no others, and none that only development needs', () => {
    const packages = new Set(installedIn(app));
    const sbom: Sbom = json(image.sbom);
    const bundled = [...neededBy(sbom, '@pagebridge/console')].map(decodeURIComponent);
    const components = sbom.components.map(({ purl }) => decodeURIComponent(purl));
    expect([...new Set([...packages, ...bundled])].toSorted()).toEqual(components.toSorted());
    expect([...packages].filter((it) => /npm\/(react|@mantine\/core)@/.test(it))).toEqual([]);
    const { devDependencies } = json(join(root, 'package.json'));
    const needed = new Set(
      filesIn(app, '{apps,libs}/*/package.json').flatMap((file) =>
        Object.keys(json(join(app, file)).dependencies ?? {}),
      ),
    );
    // mysql2 wants it beside it.
    needed.add('@types/node');
    const development = Object.keys(devDependencies).filter((name) => !needed.has(name));
    expect(development.filter((name) => existsSync(join(app, 'node_modules', name)))).toEqual([]);
  });

  it('has of our own code what is built, and nothing that it was made from', () => {
    const ours = filesIn(app, '{apps,libs}/*/{*,dist/**/*.*}').filter((path) => !path.endsWith('/node_modules'));
    const built = /^(apps\/console\/dist\/.+|(apps|libs)\/[^/]+\/(package\.json|dist|dist\/.+\.js))$/;
    expect(ours.filter((path) => !built.test(path) || path.endsWith('.map'))).toEqual([]);
    expect(ours).toContain('apps/console/dist/index.html');
    const tops = ['LICENSE', 'apps', 'libs', 'node_modules', 'package.json', 'pagebridge.js', 'programs.js'];
    expect(filesIn(app, '*').toSorted()).toEqual(tops);
    expect(ours.filter((path) => /\.(spec|fixtures?)\./.test(path))).toEqual([]);
  });

  it('has nothing of npm and of who built it', () => {
    const traces = /(^|\/)(\.npmrc|\.package-lock\.json|package-lock\.json|\.git|\.env)$/;
    expect(readdirSync(app, { recursive: true, encoding: 'utf8' }).filter((path) => traces.test(path))).toEqual([]);
    const registry = new URL(execFileSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' }).trim()).host;
    const names = [registry, root].filter((name) => name !== 'registry.npmjs.org');
    expect(names.flatMap((name) => filesWith(name))).toEqual([]);
  });

  it('has no private key', () => {
    // What begins one is in libraries, which read keys; what follows it, 60 characters to the line, is in a key alone.
    expect(filesWith('^-----BEGIN [A-Z ]*PRIVATE KEY-----$', '--line-regexp')).toEqual([]);
  });

  it('belongs to root, and nobody else can write to it', () => {
    const apps = layers.listing().filter((line) => / app\//.test(line));
    expect(apps.length).toBeGreaterThan(1000);
    expect(apps.filter((line) => !/^(l|-rw-r--r--|drwxr-xr-x) ?.*? 0\/0 /.test(line))).toEqual([]);
  });
});

/** Files of the image that have this text. */
function filesWith(text: string, kind = '--fixed-strings'): string[] {
  const { status, stdout } = spawnSync('grep', ['-rl', kind, '--regexp', text, layers.rootFiles], { encoding: 'utf8' });
  // 1 says that there are none.
  if (status !== 0 && status !== 1) throw new Error('grep failed');
  return stdout
    .trim()
    .split('\n')
    .filter((file) => file !== '');
}
