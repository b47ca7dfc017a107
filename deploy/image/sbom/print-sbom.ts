import { spawnSync } from 'node:child_process';
import { commandLine, root } from '@pagebridge/local-stack/base';
import { startedFolders } from '../app-folder.ts';
import { inProduction, neededBy, only, type Sbom } from './production.ts';

const help = `npm run -s sbom: print a CycloneDX document of the packages in the image

The document lists the production packages with versions, licenses and hashes from package-lock.json, including packages
that are bundled into the console. Development packages are not listed. Nothing is installed, and no network is required.

  --help  print this help

Example: npm run -s sbom > sbom.json
`;
commandLine(help, {});

const services = npmSbom(...startedFolders.flatMap((folder) => ['--workspace', folder]));
// Asked for its workspace alone, npm prints everything; so this is everything, and what the console needs is looked for here.
const everything = npmSbom();
const bundled = neededBy(everything, '@pagebridge/console');
const known = new Set(services.components.map(({ purl }) => purl));
const others = only(everything, ({ purl }) => bundled.has(purl) && !known.has(purl));
const both = {
  ...services,
  components: [...services.components, ...others.components],
  dependencies: [...services.dependencies, ...others.dependencies],
};
process.stdout.write(`${JSON.stringify(both, null, 2)}\n`);

/** Returns what npm knows of the packages of these workspaces, or of all, from the lock. */
function npmSbom(...workspaces: readonly string[]): Sbom {
  const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline', ...workspaces];
  const npm = spawnSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
  if (npm.error || npm.status !== 0) {
    process.stderr.write(`npm sbom failed: ${npm.error?.message ?? npm.stderr}\n`);
    process.exit(1);
  }
  return inProduction(JSON.parse(npm.stdout) as Sbom);
}
