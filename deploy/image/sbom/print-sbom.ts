import { spawnSync } from 'node:child_process';
import { commandLine, root } from '@pagebridge/local-stack/base';
import { startedFolders } from '../app-folder.ts';
import { inProduction, type Sbom } from './production.ts';

const help = `npm run -s sbom: prints a CycloneDX document of the packages in the image

The document has the production packages with their versions, licences and hashes from package-lock.json, and no package that
only development or the tests need. Installs nothing, and needs no network.

  --help  prints this text

As a file: npm run -s sbom > sbom.json
`;
commandLine(help, {});

const workspaces = startedFolders.flatMap((folder) => ['--workspace', folder]);
const args = ['sbom', '--sbom-format', 'cyclonedx', '--package-lock-only', '--offline', ...workspaces];
const npm = spawnSync('npm', args, { cwd: root, encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 });
if (npm.error || npm.status !== 0) {
  process.stderr.write(`npm sbom failed: ${npm.error?.message ?? npm.stderr}\n`);
  process.exit(1);
}
process.stdout.write(`${JSON.stringify(inProduction(JSON.parse(npm.stdout) as Sbom), null, 2)}\n`);
