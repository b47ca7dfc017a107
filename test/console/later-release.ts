import { cpSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack';

const builds = ['apps/console/dist', 'apps/console-gateway/dist', 'apps/console-gateway/package.json'];

/**
 * Copies the console and its gateway as they are built here, as a later release in which every asset has changed, and so has another name.
 * Returns its folder, from which its gateway runs.
 */
export function laterRelease(): string {
  const checkout = join(localFolder, 'later-release');
  rmSync(checkout, { recursive: true, force: true });
  for (const build of builds) {
    // The gateway sends a compressed file in place of the changed one.
    cpSync(join(root, build), join(checkout, build), { recursive: true, filter: (path) => !/\.(br|gz)$/.test(path) });
  }
  const build = join(checkout, 'apps/console/dist');
  const assets = join(build, 'assets');
  const names = new Set(readdirSync(assets));
  const later = (text: string): string =>
    text.replaceAll(/[\w.-]+\.(?:js|css)\b/g, (name) =>
      names.has(name) ? name.replace(/(?=\.\w+$)/, '-later') : name,
    );
  for (const [folder, name] of [...names].map((name) => [assets, name] as const).concat([[build, 'index.html']])) {
    const file = join(folder, name);
    const text = later(readFileSync(file, 'utf8'));
    rmSync(file);
    writeFileSync(join(folder, later(name)), text);
  }
  return checkout;
}
