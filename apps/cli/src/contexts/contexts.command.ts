import { resolve } from 'node:path';
import { UsageError } from '@pagebridge/process';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { forgetLogin } from '../login/forget-login.ts';
import { type Item, printList } from '../output/items.ts';
import { type Form, outputOption } from '../output/output.ts';
import { ownNames } from './chosen-context.ts';
import { contextOf, fields } from './context.ts';
import { type Contexts, contextsFile, readContexts, writeContexts } from './contexts-file.ts';
import { contextOfStack, runningStack, stackName } from './stack.ts';

const examples = {
  ls: 'pagebridge contexts ls -o wide',
  use: 'pagebridge contexts use prod && pagebridge login',
  set: `pagebridge contexts set prod --url https://pagebridge.example.com --org acme-us \\
    --issuer https://login.example.com/realms/ops --client-id pagebridge-cli
  pagebridge contexts set ci --url https://pagebridge.example.com --token-command 'cat /run/secrets/pagebridge'
  pagebridge --context ci connections ls`,
  rm: 'pagebridge contexts rm prod',
};
const file = `
Contexts are stored in ~/.config/pagebridge/contexts.yaml, or in the file of PAGEBRIDGE_CONFIG. Without a context, commands
use the stack of npm start.
`;

/** Returns the commands `contexts`; `end` gets the exit code. */
export function contextsCommand(end: (code: number) => void): Command {
  const group = new Command('contexts').description('Manage contexts: the installations that commands use.');
  const add = (name: keyof typeof examples, does: string) =>
    group.command(name).description(does).addHelpText('after', `\nExamples:\n  ${examples[name]}\n${file}`);
  const ls = add('ls', 'List the contexts.').addOption(outputOption());
  ls.action(({ output }: { readonly output: Form }) => {
    printList(listed(), { columns: 'inUse name url org issuer', wide: 'client-id brokers', names: ['name'] }, output);
    end(exitCodes.done);
  });
  const use = add('use', 'Set the current context.').argument('<name>', 'context name');
  use.action((name: string) => end(change((its) => ({ ...known(its, name), current: name }))));
  const set = add('set', 'Create a context or change some of its fields. An empty value removes a field.');
  set.argument('<name>', 'context name');
  for (const [name, { value, does }] of Object.entries(fields)) set.option(`--${name} <${value}>`, does);
  set.action((name: string) => end(change((its) => withFields(its, name, givenIn(set)))));
  const rm = add('rm', 'Remove a context and log out of it.').argument('<name>', 'context name');
  rm.action(async (name: string) => {
    const context = known(readContexts(contextsFile(process.env)), name).contexts[name] ?? {};
    await forgetLogin({ name, context }).finally(() => end(change((its) => without(its, name))));
  });
  return group;
}

function listed(): Item[] {
  const { current = stackName, contexts } = readContexts(contextsFile(process.env));
  const inUse = process.env.PAGEBRIDGE_CONTEXT || current;
  const stack = runningStack();
  const all = Object.entries({ ...(stack ? { [stackName]: contextOfStack(stack) } : {}), ...contexts });
  return all.map(([name, its]) => ({
    ...{ inUse: name === inUse ? '*' : '', name, url: its['connection-management'] },
    ...its,
  }));
}

function change(of: (its: Contexts) => Contexts): number {
  const file = contextsFile(process.env);
  writeContexts(file, of(readContexts(file)));
  return exitCodes.done;
}

function known(its: Contexts, name: string): Contexts {
  if (Object.hasOwn(its.contexts, name) || ownNames.includes(name)) return its;
  throw new UsageError(`no context ${name}\nhint: use one of: ${Object.keys(its.contexts).join(', ') || 'none'}`);
}

function without({ current, contexts }: Contexts, name: string): Contexts {
  const { [name]: _, ...others } = contexts;
  return { ...(current === undefined || current === name ? {} : { current }), contexts: others };
}

/** Returns the fields that options give, by their names in the file: commander would write them in camel case. */
const givenIn = (set: Command): Record<string, string> =>
  Object.fromEntries(set.options.map((its) => [its.name(), set.getOptionValue(its.attributeName()) ?? undefined]));

function withFields(its: Contexts, name: string, given: Readonly<Record<string, string | undefined>>): Contexts {
  if (!/^[a-z\d][\w.-]{0,63}$/i.test(name) || ownNames.includes(name)) {
    throw new UsageError(
      `invalid context name: ${name}\nhint: use 1 to 64 letters, digits and . _ -, but not ${ownNames.join(' or ')}`,
    );
  }
  const changed = Object.entries(given).flatMap(([field, value]) => {
    if (value === undefined) return [];
    // Commands are run in other folders.
    return [[field, field === 'ca-file' && value ? resolve(value) : value]];
  });
  const all = Object.entries({ ...its.contexts[name], ...Object.fromEntries(changed) }).filter(([, value]) => value);
  return { ...its, contexts: { ...its.contexts, [name]: contextOf(name, Object.fromEntries(all)) } };
}
