import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childEnvironment, root } from '@pagebridge/local-stack';

/** A chunk in Vite's manifest. */
interface Chunk {
  readonly file: string;
  readonly imports?: readonly string[];
  readonly isEntry?: boolean;
  readonly isDynamicEntry?: boolean;
}

const kib = 1024;
const folder = mkdtempSync(join(tmpdir(), 'console-'));
let manifest: Readonly<Record<string, Chunk>>;

beforeAll(() => {
  const args = ['build', '--outDir', folder, '--emptyOutDir', '--logLevel', 'error'];
  const cwd = join(root, 'apps/console');
  const vite = join(root, 'node_modules/.bin/vite');
  const { status, stderr } = spawnSync(vite, args, { cwd, encoding: 'utf8', env: childEnvironment() });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  manifest = JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const sizeOf = (file: string): number => gzipSync(readFileSync(join(folder, file)), { level: 9 }).length;
const sum = (files: Iterable<string>): number => [...files].reduce((bytes, file) => bytes + sizeOf(file), 0);

/** Returns the files of a chunk and of all that it imports before it runs. */
function filesOf(name: string, files = new Set<string>()): Set<string> {
  const chunk = manifest[name];
  if (!chunk || files.has(chunk.file)) return files;
  files.add(chunk.file);
  for (const imported of chunk.imports ?? []) filesOf(imported, files);
  return files;
}

const withEnding = (files: Iterable<string>, ending: string): string[] =>
  [...files].filter((file) => file.endsWith(ending));

/** Returns the files of a first page that shows a screen. All styles are in one file, which no script names. */
const firstPage = (screen: string): Set<string> =>
  new Set([...filesOf('index.html'), ...filesOf(screen), ...withEnding(allFiles(), '.css')]);
const allFiles = (): Set<string> => new Set(Object.values(manifest).map(({ file }) => file));

describe('the console is small', () => {
  it.each(['src/alerts/alerts-screen.tsx', 'src/connections/connections-screen.tsx'])(
    'has a first page of at most 220 KiB of JavaScript and 30 KiB of CSS, gzipped, in at most 12 requests: %s',
    (screen) => {
      const files = firstPage(screen);
      expect(sum(withEnding(files, '.js')) / kib).toBeLessThan(220);
      const cssKib = sum(withEnding(files, '.css')) / kib;
      expect(cssKib).toBeGreaterThan(5);
      expect(cssKib).toBeLessThan(30);
      expect(files.size).toBeLessThanOrEqual(12);
    },
  );

  it('has at most 40 KiB of JavaScript, gzipped, for each further route', () => {
    const known = firstPage('src/connections/connections-screen.tsx');
    const routes = Object.keys(manifest).filter((name) => manifest[name]?.isDynamicEntry);
    expect(routes.length).toBeGreaterThan(10);
    for (const route of routes) {
      const own = withEnding(filesOf(route), '.js').filter((file) => !known.has(file));
      expect({ route, fits: sum(own) < 40 * kib }).toEqual({ route, fits: true });
    }
  });

  it('has at most 450 KiB of JavaScript and CSS, gzipped, in all', () => {
    expect(sum(allFiles()) / kib).toBeLessThan(450);
  });
});
