import type { Command, Option } from 'commander';

/** A place on a command line: the commands up to it, as in `connections ls`, and what may follow. */
export interface Place {
  readonly path: string;
  readonly words: readonly string[];
  /** The values of options that have a list of them. */
  readonly choices: readonly (readonly [option: string, values: string])[];
  readonly files: boolean;
}

/** Returns the places of a program, whose own options may stand anywhere. */
export function placesOf(command: Command, path: readonly string[] = [], outer: readonly Option[] = []): Place[] {
  const options = [...command.options, ...outer];
  const words = [
    ...command.commands.map((its) => its.name()),
    ...command.registeredArguments.flatMap((its) => its.argChoices ?? []),
  ];
  const here = {
    path: path.join(' '),
    words: [...words, ...options.flatMap(({ long }) => long ?? []), '--help'],
    choices: options.flatMap(({ long, short, argChoices: values }) =>
      [long, short].flatMap((name) => (name && values ? [[name, values.join(' ')] as const] : [])),
    ),
    files: options.some(({ flags }) => flags.includes('<file>')),
  };
  return [here, ...command.commands.flatMap((its) => placesOf(its, [...path, its.name()], options))];
}

// Both shells have `compgen`, zsh by its bashcompinit.
const bash = (places: readonly Place[]): string => `_pagebridge() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev=\${COMP_WORDS[COMP_CWORD-1]} at='' word
  for word in "\${COMP_WORDS[@]:1:COMP_CWORD-1}"; do
    case "\${at:+$at }$word" in
${indent(
  places.filter(({ path }) => path).map(({ path }) => `'${path}') at='${path}' ;;`),
  6,
)}
    esac
  done
  case "$at $prev" in
${indent(
  places.flatMap(({ path, choices }) => choices.map(([name, values]) => answer(`${path} ${name}`, values, '; return'))),
  4,
)}
  esac
  case "$at" in
${indent(
  places.map(({ path, words, files }) => answer(path, words.join(' '), '', files ? '-f ' : '')),
  4,
)}
  esac
}
complete -F _pagebridge pagebridge
`;

const answer = (at: string, words: string, then: string, more = ''): string =>
  `'${at}') COMPREPLY=($(compgen ${more}-W '${words}' -- "$cur"))${then} ;;`;

const fish = (places: readonly Place[]): string => `function __pagebridge_at
  set -l at ''
  for word in (commandline -opc)[2..]
    switch (string trim "$at $word")
${indent(
  places.filter(({ path }) => path).map(({ path }) => `case '${path}'; set at '${path}'`),
  6,
)}
    end
  end
  test "$at" = "$argv"
end
complete -c pagebridge -f
${places.flatMap(fishLines).join('\n')}
`;

function fishLines({ path, words, choices, files }: Place): string[] {
  const here = `complete -c pagebridge -n '__pagebridge_at ${path}'`;
  const values = new Map(choices);
  const lines = words.map((word) => {
    if (!word.startsWith('--')) return `${here} -a ${word}`;
    return `${here} -l ${word.slice(2)}${values.has(word) ? ` -x -a '${values.get(word)}'` : ''}`;
  });
  return files ? [`${here} -F`, ...lines] : lines;
}

/** The script of each shell. */
export const scripts = {
  bash,
  zsh: (places: readonly Place[]) =>
    `#compdef pagebridge\nautoload -U +X bashcompinit && bashcompinit\n${bash(places)}`,
  fish,
} as const;

const indent = (lines: readonly string[], by: number): string => lines.map((line) => ' '.repeat(by) + line).join('\n');
