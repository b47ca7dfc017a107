import { UsageError } from '@pagebridge/programs';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { type Form, outputOption, printItems, type Shape } from '../output/output.ts';
import { runningStack, stackName } from './chosen-context.ts';
import { type Context, contextOf, fields } from './context.ts';
import { type Contexts, contextsFile, readContexts, writeContexts } from './contexts-file.ts';

const examples = `
Examples:
  pagebridge contexts set prod --url https://pagebridge.example.com --org acme-us \\
    --issuer https://login.example.com/realms/ops --client-id pagebridge-cli
  pagebridge contexts use prod && pagebridge login
  pagebridge contexts set ci --url https://pagebridge.example.com --token-command 'cat /run/secrets/pagebridge'
  pagebridge --context ci connections ls

The file is ~/.config/pagebridge/contexts.yaml, or PAGEBRIDGE_CONFIG. Without a context, the stack of npm start is used.
`;

type Listed = Context & { readonly name: string; readonly inUse: boolean };

const shape: Shape<Listed> = {
  columns: [
    { title: 'IN USE', of: ({ inUse }) => (inUse ? '*' : '') },
    { title: 'NAME', of: ({ name }) => name },
    { title: 'ADDRESS', of: (its) => its.url ?? its['connection-management'] ?? '' },
    { title: 'ORG', of: ({ org }) => org ?? '' },
    { title: 'ISSUER', of: ({ issuer }) => issuer ?? '' },
    { title: 'CLIENT', of: (its) => its['client-id'] ?? '', isWide: true },
    { title: 'BROKERS', of: ({ brokers }) => brokers ?? '', isWide: true },
  ],
  nameOf: ({ name }) => name,
};

/** Returns the commands `contexts`; `end` gets the exit code. */
export function contextsCommand(end: (code: number) => void): Command {
  const group = new Command('contexts')
    .description('Names the installations that commands call.')
    .addHelpText('after', examples);
  group
    .command('ls')
    .description('Lists the contexts.')
    .addOption(outputOption())
    .action(({ output }: { readonly output: Form }) => {
      printItems(listed(), shape, output);
      end(exitCodes.done);
    });
  group
    .command('use')
    .description('Makes a context the one of commands without --context.')
    .argument('<name>', `a context; ${stackName} is that of npm start`)
    .action((name: string) => end(change((its) => ({ ...named(its, name), current: name }))));
  const set = group
    .command('set')
    .description('Adds a context, or changes some of its fields. An empty value removes a field.')
    .argument('<name>', 'the name of the context');
  for (const [name, { value, does }] of Object.entries(fields)) set.option(`--${name} <${value}>`, does);
  set.action((name: string) => end(change((its) => withFields(its, name, givenIn(set)))));
  group
    .command('rm')
    .description('Removes a context; its login stays until pagebridge logout.')
    .argument('<name>', 'a context')
    .action((name: string) =>
      end(
        change((its) => {
          const { [name]: _, ...contexts } = named(its, name).contexts;
          return its.current === name ? { contexts } : { ...its, contexts };
        }),
      ),
    );
  return group;
}

function listed(): Listed[] {
  const { current, contexts } = readContexts(contextsFile(process.env));
  const inUse = process.env.PAGEBRIDGE_CONTEXT || (current ?? stackName);
  const stack = runningStack();
  const ofStack: Record<string, Context> = stack
    ? { [stackName]: { 'connection-management': stack.services.connectionManagement, issuer: stack.access.issuer } }
    : {};
  return Object.entries({ ...ofStack, ...contexts }).map(([name, its]) => ({ name, inUse: name === inUse, ...its }));
}

function change(of: (its: Contexts) => Contexts): number {
  const file = contextsFile(process.env);
  writeContexts(file, of(readContexts(file)));
  return exitCodes.done;
}

function named(its: Contexts, name: string): Contexts {
  if (name in its.contexts || name === stackName) return its;
  throw new UsageError(`there is no context ${name}; there are: ${Object.keys(its.contexts).join(', ') || 'none'}`);
}

/** Returns the fields that options give, by their names in the file: commander would write them in camel case. */
const givenIn = (set: Command): Record<string, string> =>
  Object.fromEntries(
    set.options.flatMap((option) => {
      const value: unknown = set.getOptionValue(option.attributeName());
      return typeof value === 'string' ? [[option.name(), value]] : [];
    }),
  );

function withFields(its: Contexts, name: string, given: Readonly<Record<string, string>>): Contexts {
  if (!/^[\w.-]{1,64}$/.test(name) || name === stackName || name === '__proto__') {
    throw new UsageError(`a context is named by 1 to 64 letters, digits and . _ -, and not ${stackName}`);
  }
  const all = Object.entries({ ...its.contexts[name], ...given }).filter(([, value]) => value !== '');
  return { ...its, contexts: { ...its.contexts, [name]: contextOf('--', Object.fromEntries(all)) } };
}
