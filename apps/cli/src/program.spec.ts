import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { run } from './run.fixtures.ts';

const help = async (...command: string[]) => (await run([...command, '--help'])).stdout;

/** Returns all commands, each by its words. */
async function commandsBelow(...group: string[]): Promise<string[][]> {
  const [, list = ''] = (await help(...group)).split('Commands:\n');
  // Examples may follow the list.
  const [listed = ''] = list.split('\n\n');
  const names = [...listed.matchAll(/^ {2}([a-z][a-z-]*)/gm)].map(([, name]) => String(name));
  const commands = names.filter((name) => name !== 'help').map((name) => [...group, name]);
  const found: string[][] = [];
  // One after the other, since what is printed meanwhile counts for the one that runs.
  for (const command of commands) {
    const below = await commandsBelow(...command);
    found.push(...(below.length > 0 ? below : [command]));
  }
  return found;
}

describe('the program', () => {
  it.each(['--version', 'version'])('prints the version of Pagebridge for %s', async (word) => {
    const { version } = JSON.parse(readFileSync(join(import.meta.dirname, '../../../package.json'), 'utf8'));
    expect(await run([word])).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
  });

  it.each(['Łukasz', '', 'x'.repeat(129)])(
    'refuses a person whom no service takes, before it asks one: %j',
    async (who) => {
      const { status, stderr } = await run(['--on-behalf-of', who, 'orgs', 'ls'], {
        CONNECTION_MANAGEMENT_URL: 'http://127.0.0.1:1',
      });
      expect({ status, stderr }).toEqual({
        status: 2,
        stderr: expect.stringMatching(/^error: --on-behalf-of .*printable ASCII/),
      });
    },
  );
});

describe('every command', () => {
  it('has examples of itself in its help', async () => {
    const commands = await commandsBelow();
    expect(commands.length).toBeGreaterThan(2);
    for (const command of commands) {
      const [, examples = '', again] = (await help(...command)).split('Examples:\n');
      expect(again).toBeUndefined();
      expect(examples).toContain(`  pagebridge ${command.join(' ')}`);
    }
  });

  it('refuses an unknown option in one line, with a hint that lists the options', async () => {
    for (const command of await commandsBelow()) {
      expect(await run([...command, '--frenzy'])).toEqual({
        ...{ status: 2, stdout: '' },
        // What is missing is named first.
        stderr: expect.stringMatching(
          /^error: (unknown option '--frenzy'|required option .*)\nhint: list the options with --help\n$/,
        ),
      });
    }
  });

  it('leaves alone what npm has for itself, or for options of another command', async () => {
    const env = {
      npm_lifecycle_event: 'pagebridge',
      npm_config_registry: 'https://npm.example.com',
      npm_config_actor: 'a',
    };
    expect(await run(['acls'], env)).toMatchObject({ status: 0, stderr: '' });
    expect(await run(['route', 'test'], env)).toMatchObject({ status: 2, stderr: expect.stringContaining('--suite') });
  });

  it('refuses each of its options that npm has taken, and has none of which npm leaves no trace', async () => {
    const traceless = ['also', 'cert', 'dev', 'key', 'only', 'optional', 'production', 'shrinkwrap', 'version'];
    for (const command of await commandsBelow()) {
      const options = [...(await help(...command)).matchAll(/^ {2}(?:-\w, )?--([\w-]+)/gm)].map(([, name]) =>
        String(name),
      );
      expect(options.filter((option) => traceless.includes(option))).toEqual([]);
      for (const option of options.filter((name) => !['help', 'yes', 'registry'].includes(name))) {
        const env = { npm_lifecycle_event: 'pagebridge', [`npm_config_${option.replaceAll('-', '_')}`]: 'true' };
        const stderr = expect.stringContaining(`npm used --${option} as its own option`);
        expect(await run(command, env)).toEqual({ status: 2, stdout: '', stderr });
      }
    }
  });
});
