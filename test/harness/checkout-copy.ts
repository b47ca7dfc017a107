import { cpSync, mkdirSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder, root } from '@pagebridge/local-stack/base';

/**
 * A copy of this checkout, with its build and a `.local` of its own.
 *
 * Documents name the files of the default `npm start`, so pasting them unchanged here would use and delete what a developer
 * has there. The data of the copy's `npm start` is in `.local/<name>` of this checkout, where the leftovers of a killed run
 * are found.
 */
export class CheckoutCopy {
  readonly path: string;

  constructor(readonly name: string) {
    this.path = join(localFolder, `${name}-checkout`);
    rmSync(this.path, { recursive: true, force: true });
    const apart = new Set(['.git', '.local', '.nx', 'node_modules']);
    for (const entry of readdirSync(root).filter((entry) => !apart.has(entry))) {
      cpSync(join(root, entry), join(this.path, entry), { recursive: true, verbatimSymlinks: true });
    }
    symlinkSync(join(root, 'node_modules'), join(this.path, 'node_modules'));
    mkdirSync(join(this.path, '.local'));
    // What is expensive, and the reserved ports, are shared.
    for (const [own, theirs] of Object.entries({ start: name, jars: 'jars', ports: 'ports' })) {
      mkdirSync(join(localFolder, theirs), { recursive: true });
      symlinkSync(join(localFolder, theirs), join(this.path, '.local', own));
    }
  }
}
