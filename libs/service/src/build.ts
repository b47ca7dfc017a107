import { readFileSync } from 'node:fs';

interface Build {
  readonly version: string;
  /** The commit from which the image was built; only the image has it. */
  readonly revision?: string;
}

/** What this process was built from. The package.json of Pagebridge is at this place in the image too. */
export const { version, revision = 'unknown' } = JSON.parse(
  readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
) as Build;
