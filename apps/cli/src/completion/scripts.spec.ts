import { execFileSync } from 'node:child_process';
import { describe, expect, it } from '@jest/globals';
import { Command, Option } from 'commander';
import { placesOf, scripts } from './scripts.ts';

const program = new Command('pagebridge').option('--context <name>', 'which');
const tokens = program.command('tokens');
tokens.command('ls').addOption(new Option('-o, --output <form>', 'how').choices(['json', 'yaml']));
tokens.command('create').option('-f, --file <file>', 'what');
const places = placesOf(program);

/** Returns what bash offers for the last word of a line. */
const offered = (line: string): string[] =>
  execFileSync(
    'bash',
    [
      '-c',
      `${scripts.bash(places)}
    COMP_WORDS=(${line}); COMP_CWORD=$((\${#COMP_WORDS[@]} - 1)); _pagebridge; echo "\${COMPREPLY[@]}"`,
    ],
    {
      encoding: 'utf8',
    },
  )
    .trim()
    .split(' ');

describe('bash', () => {
  it.each([
    ['the commands', 'pagebridge t', ['tokens']],
    ['those of a group, after options of the program', "pagebridge --context prod tokens ''", ['ls', 'create']],
    ['the values of an option', "pagebridge tokens ls -o ''", ['json', 'yaml']],
    ['the options of the program, everywhere', 'pagebridge tokens ls --con', ['--context']],
  ])('is offered %s', (_what, line, expected) => {
    expect(offered(line).filter((word) => expected.includes(word))).toEqual(expected);
  });

  it('is offered files only where an option takes one', () => {
    expect(offered('pagebridge tokens create package.j')).toEqual(['package.json']);
    expect(offered('pagebridge tokens ls pack')).toEqual(['']);
  });
});

describe('fish and zsh', () => {
  it('are offered the same', () => {
    expect(scripts.fish(places)).toContain(
      "complete -c pagebridge -n '__pagebridge_at tokens ls' -l output -x -a 'json yaml'",
    );
    expect(scripts.zsh(places)).toMatch(/^#compdef pagebridge\n.*bashcompinit\n/);
  });
});
