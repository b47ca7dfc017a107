/*
 * Preloaded by the scripts of package.json: says in a sentence that packages or the build are missing. It runs on any Node, and
 * imports no package.
 */
import { existsSync } from 'node:fs';
import { relative } from 'node:path';

const isInstalled = existsSync(new URL('../../node_modules/.bin/nx', import.meta.url));
const [, program = ''] = process.argv;
if (!isInstalled || !process.features.typescript) {
  end('packages are not installed, including Node 24\nhint: run npm ci');
} else if (!existsSync(program)) {
  end(`${relative(process.cwd(), program)} is not built\nhint: run npm run build`);
}

/** @param {string} message */
function end(message) {
  process.stderr.write(`error: ${message}\n`);
  process.exit(1);
}
