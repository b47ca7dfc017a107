import { countIn, say, UsageError } from '@pagebridge/process';
import { Command } from 'commander';
import { CommandError, exitCodes } from '../exit-codes.ts';
import { act, type End, type Run, textIn } from '../http/act.ts';
import { asker } from '../output/ask.ts';
import { type Item, isForPeople, printList, printOne } from '../output/items.ts';
import { outputOption } from '../output/output.ts';
import { fieldsIn, type Given, objectIn, optionOf } from './given.ts';
import { listPath, namesOf, pathOf, type Resource } from './resource.ts';

/** How a command looks on the command line. */
export interface Looks {
  readonly does: string;
  readonly options?: readonly Given[];
  /** Command lines, one a line. */
  readonly examples: string;
}

/** What one command does with things of a kind. */
export interface Verb extends Looks {
  readonly kind: 'list' | 'show' | 'create' | 'change' | 'remove';
  /** Other things than those of the group. */
  readonly of?: Resource;
  /** Of a list: only those with the name that is given, as the service writes it. */
  readonly exactly?: (name: string) => string;
  /** How many are listed at most without `--limit`. */
  readonly limit?: number;
  readonly method?: 'POST' | 'PUT' | 'PATCH';
  /** Below the path of the one that is named. */
  readonly below?: string;
  /** Whether nothing must have changed since it was read. */
  readonly ifMatch?: true;
  /** Of a PUT: what stays as it is unless it is given. */
  readonly keeps?: readonly string[];
  /** Completes query or body, where the fields of options are not all of it. */
  readonly fields?: (run: Run, fields: Item) => Promise<Item> | Item;
  /** Undoes what `fields` has done, if the request fails. */
  readonly undo?: (run: Run) => void;
  /** Prints the answer in another way than as a row of the list, and returns the exit code. */
  readonly print?: (answer: Item, run: Run) => Promise<number> | number;
  /** What cannot be undone, so a person must agree to it. */
  readonly consequence?: string;
}

const usualLimit = 1000;
const maxLimit = 100_000;

/** Returns a command with its options and examples. */
export function commandOf(name: string, { does, options = [], examples }: Looks): Command {
  const command = new Command(name).description(does);
  for (const given of options) command.addOption(optionOf(given));
  return command.addHelpText('after', `\nExamples:\n${examples.replaceAll(/^\s*(?=\S)/gm, '  ')}\n`);
}

export const addOrg = (command: Command): Command =>
  command.option('--org <org>', 'source org; default: PAGEBRIDGE_ORG, then the org of the context');

/** Returns a group of commands, each of which does one thing with a resource. */
export const resourceCommand =
  (name: string, does: string, ofGroup: Resource, verbs: Readonly<Record<string, Verb>>) =>
  (end: End): Command => {
    const group = new Command(name).description(does);
    for (const [verb, its] of Object.entries(verbs)) {
      const command = commandOf(verb, its);
      const resource = its.of ?? ofGroup;
      if (resource.path.includes('{org}')) addOrg(command);
      const { kind, limit = usualLimit } = its;
      if (its.exactly || (kind !== 'list' && kind !== 'create'))
        command.argument(`<${resource.noun}>`, namesOf(resource));
      if (kind === 'list') command.option('--limit <count>', 'maximum number of results', String(limit));
      if (kind === 'create' || kind === 'change') {
        command.option('-f, --file <file>', 'fields as JSON or YAML; - is standard input');
      }
      if (its.consequence) command.option('--yes', 'skip the confirmation');
      if (kind !== 'remove') command.addOption(outputOption());
      group.addCommand(act(command, end, (run) => actions[kind](run, resource, its)));
    }
    return group;
  };

const actions: Readonly<Record<Verb['kind'], (run: Run, resource: Resource, verb: Verb) => Promise<number>>> = {
  async list(run, resource, verb) {
    const most = countIn('--limit', String(run.options.limit), 1, maxLimit);
    const path = listPath(run, resource);
    const listed = await run.services.list(resource.service, path, await fieldsOf(run, verb), most);
    const name = verb.exactly?.(run.args[0] ?? '');
    const items = listed.items.filter(
      (item) => name === undefined || resource.names.some((field) => item[field] === name),
    );
    printList(items, resource, run.form);
    if (listed.hasMore) say(`Only the first ${most} results are shown. Use --limit to show more.`);
    if (items.length === 0) say('No results.');
    return name !== undefined && items.length === 0 ? exitCodes.notFound : exitCodes.done;
  },

  async show(run, resource) {
    const path = await pathOf(run, resource, run.args[0] ?? '');
    printOne((await run.services.call('GET', resource.service, path)).body, resource, run.form);
    return exitCodes.done;
  },

  async create(run, resource, verb) {
    const path = listPath(run, resource);
    const body = await fieldsOf(run, verb);
    const answer = await run.services.call('POST', resource.service, path, { body }).catch((error: unknown) => {
      verb.undo?.(run);
      throw error;
    });
    return printAnswer(answer.body, run, resource, verb);
  },

  async change(run, resource, verb) {
    const body = await fieldsOf(run, verb);
    const { method = 'POST', below = '', keeps } = verb;
    if ((method === 'PATCH' || keeps) && Object.keys(body).length === 0) {
      throw new UsageError('no changes given\nhint: pass an option, or --file');
    }
    const { path, ifMatch, present } = await versionOf(run, resource, verb);
    await confirm(run, resource, verb);
    const kept = Object.fromEntries((keeps ?? []).map((field) => [field, present?.[field]]));
    const sent = { body: { ...kept, ...body }, ifMatch };
    const answer = await run.services.call(method, resource.service, path + below, sent);
    return printAnswer(answer.body, run, resource, verb);
  },

  async remove(run, resource, verb) {
    const { path, ifMatch } = await versionOf(run, resource, verb);
    await confirm(run, resource, verb);
    const query = await fieldsOf(run, verb);
    const { status } = await run.services.call('DELETE', resource.service, path, { query, ifMatch });
    const which = targetOf(run, resource);
    say(status === 202 ? `Started: ${which}. The removal is complete when it is no longer listed.` : `Done: ${which}.`);
    return exitCodes.done;
  },
};

/** Returns the path of the one that is named, and its version and fields if the service wants the version. */
async function versionOf(run: Run, resource: Resource, { ifMatch }: Verb) {
  const path = await pathOf(run, resource, run.args[0] ?? '');
  const read = ifMatch && (await run.services.call('GET', resource.service, path));
  return { path, ifMatch: read?.etag, present: read?.body };
}

async function fieldsOf(run: Run, { options = [], fields }: Verb): Promise<Item> {
  const file = textIn(run.options, 'file');
  const its = { ...(file === undefined ? {} : objectIn('--file', file)), ...fieldsIn(run.options, options) };
  return fields ? fields(run, its) : its;
}

/** Prints the answer to a change, after the place that has made it: it may be another installation than was meant. */
function printAnswer(answer: Item, run: Run, resource: Resource, { print }: Verb): Promise<number> | number {
  say(`Accepted by ${run.placeOf(resource.service)}.`);
  for (const { field, message, cure } of (answer.warnings ?? []) as readonly Item[]) {
    say(`warning: ${field}: ${message}\nhint: ${cure}`);
  }
  if (print) return print(answer, run);
  // People have seen the rest of it, or ask for it by `show`.
  if (isForPeople(run.form)) printList([answer], resource, run.form);
  else printOne(answer, resource, run.form);
  return exitCodes.done;
}

const targetOf = (run: Run, { noun, service }: Resource): string =>
  `${noun} ${run.args[0]} of ${run.org} in ${run.placeOf(service)}`;

/** Returns once a person agrees to what cannot be undone. Rejects as `agreed` does. */
const confirm = async (run: Run, resource: Resource, { consequence }: Verb): Promise<void> =>
  consequence === undefined ? undefined : agreed(`${targetOf(run, resource)}: ${consequence}`, run.options.yes);

/** Returns once a person agrees, or `--yes` was given. Rejects with UsageError if nobody can be asked, and CommandError if the answer is no. */
export async function agreed(what: string, yes: unknown): Promise<void> {
  if (yes === true) return;
  const ask = asker();
  if (!ask) throw new UsageError(`confirmation required: ${what}\nhint: without a terminal, use --yes`);
  if (!(await ask(`${what} Continue?`))) throw new CommandError(exitCodes.failed, 'cancelled: nothing was changed');
}
