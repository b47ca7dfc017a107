import { execFileSync } from 'node:child_process';
import { globSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { neededBy, only, type Sbom } from './production.ts';

/**
 * Writes the output of `npm run sbom` without packages that are not in the image, such as those for other platforms: in it are
 * what is installed in this folder, and what is bundled into the console.
 */
export function writeSbom(app: string, file: string): void {
  const printed = execFileSync(process.execPath, [join(import.meta.dirname, 'print-sbom.ts')], {
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  const sbom = JSON.parse(printed) as Sbom;
  const installed = new Set(installedIn(app));
  const bundled = neededBy(sbom, '@pagebridge/console');
  const inImage = only(sbom, ({ purl }) => installed.has(decodeURIComponent(purl)) || bundled.has(purl));
  writeFileSync(file, `${JSON.stringify(inImage, null, 2)}\n`);
}

/** Returns every package in a folder, as `pkg:npm/name@version`. */
export function installedIn(app: string): string[] {
  const manifests = [...globSync('{apps,libs}/*/package.json', { cwd: app }), ...packagesUnder(app)];
  return manifests.map((path) => {
    const { name, version } = JSON.parse(readFileSync(join(app, path), 'utf8')) as Record<'name' | 'version', string>;
    return `pkg:npm/${name}@${version}`;
  });
}

// Matches `node_modules/x/package.json` only: packages have further package.json files inside.
const packagesUnder = (app: string): string[] =>
  globSync('**/package.json', { cwd: app }).filter((path) =>
    /(^|\/)node_modules\/(@[^/]+\/)?[^/]+\/package\.json$/.test(path),
  );
