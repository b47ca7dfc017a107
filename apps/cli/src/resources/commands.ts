import { countIn } from '@pagebridge/programs';
import { printable } from '@pagebridge/vocabulary';
import { Command } from 'commander';
import { exitCodes } from '../exit-codes.ts';
import { act, type End, type Run, textIn } from '../http/act.ts';
import type { Item } from '../http/services.ts';
import { outputOption } from '../output/output.ts';
import { confirm } from './confirm.ts';
import { addGiven, fieldsIn, type Given, objectIn, orgOption } from './given.ts';
import { pathOf, printList, printOne, type Resource } from './resource.ts';

/** How a command differs from others of its kind. */
export interface Kind {
  readonly name: string;
  readonly does: string;
  readonly options?: readonly Given[];
  readonly examples?: string;
}

const usualLimit = 1000;
const most = 100_000;

export const say = (message: string): void => void process.stderr.write(`${printable(message)}\n`);

/** Returns a command of a group. */
export function commandOf({ name, does, options = [], examples }: Kind): Command {
  const command = addGiven(new Command(name).description(does), options);
  if (examples) command.addHelpText('after', `\nExamples:\n${examples.trim().replaceAll(/^ */gm, '  ')}\n`);
  return command;
}

/** Returns a command that lists. `pathIn` is that of the list; its default is that of the resource. */
export function listing(
  resource: Resource,
  end: End,
  kind: Kind,
  pathIn = listPath(resource),
  limit = usualLimit,
): Command {
  const command = commandOf(kind)
    .option('--limit <count>', 'how many at most', String(limit))
    .addOption(outputOption());
  return act(command, end, async (run) => {
    const { services, options, form } = run;
    const wanted = countIn('--limit', String(options.limit), 1, most);
    const query = fieldsIn(options, kind.options ?? []);
    const { items, hasMore } = await services.list(resource.service, await pathIn(run), query, wanted);
    printList(items, resource, form);
    if (hasMore) say(`There are more than ${wanted}: --limit`);
    if (items.length === 0) say('There are none.');
    return exitCodes.done;
  });
}

const listPath = (resource: Resource) => (run: Run) => Promise.resolve(`${run.orgPath}/${resource.path}`);

/** Returns a command that reads one, as `show`. */
export const showing = (resource: Resource, end: End, kind: Kind): Command =>
  act(oneOf(resource, kind), end, async (run) => {
    const path = await pathOf(run, resource, run.args[0] ?? '');
    const { body } = await run.services.call('GET', resource.service, path);
    printOne(body, resource, run.form);
    return exitCodes.done;
  });

/** What a command sends beside its own options. */
export interface Change {
  readonly method: 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below the path of the one that is named. */
  readonly below?: string;
  /** Whether nothing must have changed since it was read. */
  readonly ifMatch?: true;
  /** Completes the body, where the fields of options are not all of it. */
  readonly body?: (run: Run, fields: Item) => Promise<Item> | Item;
  /** Prints the answer in place of its fields, and returns the exit code. */
  readonly print?: (answer: Item, run: Run) => number;
}

/** Returns a command that adds one. */
export function creating(resource: Resource, end: End, kind: Kind, change: Partial<Change> = {}): Command {
  const command = withBody(commandOf(kind)).addOption(outputOption());
  return act(command, end, async (run) => {
    const body = await bodyOf(run, kind, change);
    const path = `${run.orgPath}/${resource.path}`;
    const answer = await run.services.call('POST', resource.service, path, { body });
    return printAnswer(answer.body, run, resource, change);
  });
}

/** Returns a command that changes one, or makes something of it happen. */
export function changing(resource: Resource, end: End, kind: Kind, change: Change): Command {
  const { method, below = '', ifMatch } = change;
  return act(withBody(oneOf(resource, kind)), end, async (run) => {
    const { services, args } = run;
    const body = await bodyOf(run, kind, change);
    const path = await pathOf(run, resource, args[0] ?? '');
    const etag = ifMatch && (await services.call('GET', resource.service, path)).etag;
    const answer = await services.call(method, resource.service, path + below, { body, ifMatch: etag });
    return printAnswer(answer.body, run, resource, change);
  });
}

/** Returns a command that removes one, after a question. */
export function removing(
  resource: Resource,
  end: End,
  kind: Kind & { readonly consequence: string; readonly past: string; readonly ifMatch?: true },
): Command {
  const command = commandOf(kind).argument(`<${resource.noun}>`, `its ${resource.names.join(' or ')}`);
  command.option('--yes', 'do not ask');
  return act(command, end, async (run) => {
    const { services, args, options } = run;
    const path = await pathOf(run, resource, args[0] ?? '');
    const etag = kind.ifMatch && (await services.call('GET', resource.service, path)).etag;
    await confirm(`${resource.noun} ${args[0]} of ${run.org}: ${kind.consequence}`, options.yes);
    const query = fieldsIn(options, kind.options ?? []);
    await services.call('DELETE', resource.service, path, { query, ifMatch: etag });
    say(`${kind.past}: ${resource.noun} ${args[0]} of ${run.org}`);
    return exitCodes.done;
  });
}

const oneOf = ({ noun, names }: Resource, kind: Kind): Command =>
  commandOf(kind)
    .argument(`<${noun}>`, `its ${names.join(' or ')}`)
    .addOption(outputOption());

const withBody = (command: Command): Command =>
  command.option('-f, --file <file>', 'the fields as JSON or YAML; - is standard input');

async function bodyOf(run: Run, { options: given = [] }: Kind, { body }: Partial<Change>): Promise<Item> {
  const file = textIn(run.options, 'file');
  const fields = { ...(file === undefined ? {} : objectIn('--file', file)), ...fieldsIn(run.options, given) };
  return body ? body(run, fields) : fields;
}

function printAnswer(answer: Item, run: Run, resource: Resource, { print }: Partial<Change>): number {
  for (const { field, message, cure } of (answer.warnings ?? []) as readonly Item[]) {
    say(`Warning: ${field}: ${message} → ${cure}`);
  }
  if (print) return print(answer, run);
  // People have seen the rest of it, or ask for it by `show`.
  if (run.form === 'table' || run.form === 'wide') printList([answer], resource, run.form);
  else printOne(answer, resource, run.form);
  return exitCodes.done;
}

/** Returns a group of commands, each for a source org. */
export function group(name: string, does: string, commands: readonly Command[]): Command {
  const its = new Command(name).description(does);
  for (const command of commands) its.addCommand(command.addOption(orgOption()));
  return its;
}
