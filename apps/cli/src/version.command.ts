import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { exitCodes } from './exit-codes.ts';
import type { End } from './http/act.ts';
import { commandOf } from './resources/commands.ts';

/** The version of Pagebridge. Its package.json is at this place in the image too. */
export const { version } = JSON.parse(readFileSync(new URL('../../../package.json', import.meta.url), 'utf8')) as {
  readonly version: string;
};

/** Returns the command `version`; `end` gets its exit code. */
export const versionCommand = (end: End): Command =>
  commandOf('version', { does: 'Print the version of Pagebridge.', examples: 'pagebridge version' }).action(() => {
    process.stdout.write(`${version}\n`);
    end(exitCodes.done);
  });
