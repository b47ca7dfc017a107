import { KafkaError } from '@pagebridge/kafka';
import { complaintOf, refuseSwallowed, UsageError } from '@pagebridge/programs';
import { Command, CommanderError } from 'commander';
import { aclsCommand } from './acls/acls.command.ts';
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
export async function program(line: readonly string[]): Promise<number> {
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
  root.addCommand(traceCommand(end));
  root.addCommand(topicsCommand(end));
  root.addCommand(aclsCommand(end));
  root.addCommand(resealCommand(end));
  root.addCommand(smokeTestCommand(end));
  for (const command of root.commands) inherit(command, root);
  refuseSwallowed(line, optionsOf(root.commands));
  try {
    await root.parseAsync([...line], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      const complaint = error.message.replace(/^error: /, '');
      throw new UsageError(complaintOf(new Error(complaint.charAt(0).toUpperCase() + complaint.slice(1))));
    }
    if (!(error instanceof KafkaError && error.retriable)) throw error;
    process.stderr.write(`${error.message}\n`);
    return exitCodes.unavailable;
  }
}

/** Gives a command and all below it the settings of the program: commander copies them only to commands that it makes itself. */
function inherit(command: Command, from: Command): void {
  command.copyInheritedSettings(from);
  for (const below of command.commands) inherit(below, command);
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
