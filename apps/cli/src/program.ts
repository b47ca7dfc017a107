import { KafkaError } from '@pagebridge/kafka';
import { complaintOf, refuseSwallowed, UsageError } from '@pagebridge/programs';
import { Command, CommanderError } from 'commander';
import { aclsCommand } from './acls/acls.command.ts';
import { deadLettersCommand } from './dead-letters/dead-letters.command.ts';
import { exitCodes } from './exit-codes.ts';
import { resealCommand } from './reseal/reseal.command.ts';
import { smokeTestCommand } from './smoke-test/smoke-test.command.ts';
import { topicsCommand } from './topics/topics.command.ts';
import { traceCommand } from './trace/trace.command.ts';

const codes = `
Exit codes: 0 done · 1 failed · 2 wrong usage · 3 nothing found · 5 Kafka does not answer

Data goes to stdout, messages to stderr.
`;

/** Runs the command line; resolves to its exit code. Rejects with the reason if that is another than an outage. */
export const program = (line: readonly string[]): Promise<number> =>
  runCommand(line, (end) => [
    traceCommand(end),
    topicsCommand(end),
    aclsCommand(end),
    deadLettersCommand(end),
    resealCommand(end),
    smokeTestCommand(end),
  ]);

/** Runs that of these commands that the line names. */
export async function runCommand(
  line: readonly string[],
  commandsFor: (end: (code: number) => void) => readonly Command[],
): Promise<number> {
  let code: number = exitCodes.done;
  const root = new Command('pagebridge')
    .description('Asks a Pagebridge installation, and repairs it.')
    .addHelpText('after', codes)
    .exitOverride()
    // The error is thrown, and printed once.
    .configureOutput({ outputError: () => undefined });
  const end = (its: number): void => {
    code = its;
  };
  for (const command of commandsFor(end)) root.addCommand(inheriting(command, root));
  refuseSwallowed(line, optionsOf(root.commands));
  try {
    await root.parseAsync([...line], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      // A group without a command has printed its help.
      if (error.code === 'commander.help') return exitCodes.usage;
      const complaint = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
      throw new UsageError(complaintOf(new Error(complaint.charAt(0).toUpperCase() + complaint.slice(1))));
    }
    if (!(error instanceof KafkaError && error.retriable)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.unavailable;
  }
}

/** Gives a command and all below it the settings of the program: commander copies them only to commands that it makes itself. */
function inheriting(command: Command, from: Command): Command {
  for (const below of command.copyInheritedSettings(from).commands) inheriting(below, command);
  return command;
}

/** Returns the options of all commands, by their long names. */
const optionsOf = (commands: readonly Command[]): Record<string, { readonly type: 'string' | 'boolean' }> =>
  Object.assign(
    {},
    ...commands.map(({ options, commands: below }) => ({
      ...Object.fromEntries(options.map((option) => [option.name(), { type: option.required ? 'string' : 'boolean' }])),
      ...optionsOf(below),
    })),
  );
