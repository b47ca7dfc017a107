import { KafkaError } from '@pagebridge/kafka';
import { complaintOf, refuseSwallowed, sayError, UsageError } from '@pagebridge/process';
import { Command, CommanderError } from 'commander';
import { aclsCommand } from './acls/acls.command.ts';
import { alertsCommand } from './alerts/alerts.command.ts';
import { completionCommand } from './completion/completion.command.ts';
import { contextsCommand } from './contexts/contexts.command.ts';
import { deadLettersCommand } from './dead-letters/dead-letters.command.ts';
import { doctorCommand } from './doctor/doctor.command.ts';
import { CommandError, exitCodes } from './exit-codes.ts';
import { explainCommand, whyCommand } from './explain/explain.command.ts';
import { loginCommand, logoutCommand, whoamiCommand } from './login/login.command.ts';
import { registryCommand } from './registry/registry.command.ts';
import { resealCommand } from './reseal/reseal.command.ts';
import { auditCommand } from './resources/audit.command.ts';
import { connectionsCommand } from './resources/connections.command.ts';
import { handlesCommand } from './resources/handles.command.ts';
import { integrationsCommand } from './resources/integrations.command.ts';
import { dataCentersCommand, orgsCommand } from './resources/orgs.command.ts';
import { pagesCommand } from './resources/pages.command.ts';
import { tokensCommand } from './resources/tokens.command.ts';
import { routeCommand } from './route/route.command.ts';
import { smokeTestCommand } from './smoke-test/smoke-test.command.ts';
import { testPageCommand } from './test-page/test-page.command.ts';
import { topicsCommand } from './topics/topics.command.ts';
import { traceCommand } from './trace/trace.command.ts';
import { version, versionCommand } from './version.command.ts';

const codes = `
Exit codes: 0 success · 1 failed, or not as expected · 2 invalid usage · 3 not found
4 permission denied · 5 a service or Kafka is unavailable

Data goes to stdout, messages to stderr.
`;

const commands = [
  ...[traceCommand, alertsCommand, pagesCommand, whyCommand, explainCommand, deadLettersCommand],
  ...[connectionsCommand, testPageCommand, handlesCommand, tokensCommand, integrationsCommand, orgsCommand],
  ...[dataCentersCommand, auditCommand],
  ...[topicsCommand, registryCommand, routeCommand, aclsCommand, resealCommand, smokeTestCommand, doctorCommand],
  ...[contextsCommand, loginCommand, logoutCommand, whoamiCommand, completionCommand, versionCommand],
];

/** Makes a command; its action gives its exit code to `end`. */
export type MakeCommand = (end: (code: number) => void) => Command;

/** Runs that of the commands that the line names; resolves to its exit code. Rejects with the reason if that is another than an outage. */
export async function program(line: readonly string[], its: readonly MakeCommand[] = commands): Promise<number> {
  let code: number = exitCodes.done;
  const root = new Command('pagebridge')
    .description('Inspect and manage a Pagebridge installation.')
    .option('--context <name>', 'installation to use; default: PAGEBRIDGE_CONTEXT, then the current context')
    .option(
      '--on-behalf-of <person>',
      'person on whose behalf you act, for the audit log; requires audit:on-behalf',
      personIn,
    )
    .version(version, '--version', 'print the version')
    .addHelpText('after', codes)
    .exitOverride()
    // The error is thrown, and printed once.
    .configureOutput({ outputError: () => undefined });
  // The option and the variable mean the same, wherever the context is asked for.
  root.hook('preAction', () => {
    const { context } = root.opts<{ readonly context?: string }>();
    if (context === '') throw new UsageError('--context: missing context name');
    if (context !== undefined) process.env.PAGEBRIDGE_CONTEXT = context;
  });
  for (const command of its) root.addCommand(command((given) => (code = given)));
  for (const command of all(root)) command.copyInheritedSettings(root);
  refuseSwallowed(line, optionsOf(namedBy(line, root)));
  try {
    await root.parseAsync([...line], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) {
      if (error.exitCode === 0) return exitCodes.done;
      // The help of a group, which lacks a command, is printed already.
      if (error.code === 'commander.help') return exitCodes.usage;
      const complaint = error.message.replace(/^error: /, '').replaceAll('\n', ' ');
      throw new UsageError(complaintOf(new Error(complaint.charAt(0).toUpperCase() + complaint.slice(1))));
    }
    if (error instanceof CommandError) {
      sayError(error.message);
      return error.exitCode;
    }
    if (!(error instanceof KafkaError && error.retriable)) throw error;
    sayError(error.message);
    return exitCodes.unavailable;
  }
}

/** Returns the person of an option, as the services take it. Throws UsageError. */
function personIn(name: string): string {
  if (/^[\x20-\x7e]{1,128}$/.test(name)) return name;
  throw new UsageError(`--on-behalf-of ${name}: not 1 to 128 printable ASCII characters\nhint: use an e-mail address`);
}

/** Returns the commands below one, at any depth. */
const all = (command: Command): Command[] => command.commands.flatMap((its) => [its, ...all(its)]);

/** Returns the commands that a line names, each with the next below it. */
function namedBy(line: readonly string[], root: Command): readonly Command[] {
  const named = [root];
  for (const word of line) named.push(...(named.at(-1)?.commands.filter((its) => its.name() === word) ?? []));
  return named;
}

/** Returns the options of these commands, by their long names. */
const optionsOf = (commands: readonly Command[]): Record<string, { readonly type: 'string' | 'boolean' }> =>
  Object.fromEntries(
    commands
      .flatMap(({ options }) => options)
      .map((option) => [option.name(), { type: option.required ? 'string' : 'boolean' }]),
  );
