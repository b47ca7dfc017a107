import { Argument, Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import type { End } from '../http/act.ts';
import { type Place, placesOf, scripts } from './scripts.ts';

const examples = `
Examples:
  source <(pagebridge completion bash)
  pagebridge completion zsh > "\${fpath[1]}/_pagebridge"
  pagebridge completion fish > ~/.config/fish/completions/pagebridge.fish
`;

/** Returns the command `completion`, of the commands beside it; `end` gets its exit code. */
export function completionCommand(end: End): Command {
  const command = new Command('completion')
    .description('Print a shell script that completes commands and options.')
    .addArgument(new Argument('<shell>', 'shell').choices(Object.keys(scripts)))
    .addHelpText('after', examples);
  return command.action((shell: keyof typeof scripts) => {
    const places: readonly Place[] = command.parent ? placesOf(command.parent) : [];
    process.stdout.write(scripts[shell](places));
    end(exitCodes.done);
  });
}
