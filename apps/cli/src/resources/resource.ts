import { UsageError } from '@pagebridge/process';
import type { ServiceName } from '../contexts/context.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Run } from '../http/act.ts';
import type { Look } from '../output/items.ts';

/** Things that a service lists, shows and changes. The service itself names one by its `id`, if that is among its names. */
export interface Resource extends Look {
  readonly noun: string;
  readonly service: ServiceName;
  /** Of the list; the source org is inserted as `{org}`. */
  readonly path: string;
}

const maxNamed = 10_000;
const idForm = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Names a resource and the fields by which people name it, for the help of a command. */
export const namesOf = ({ noun, names }: Resource): string =>
  [...(names[0]?.toLowerCase().endsWith(noun) ? [] : [noun]), names.join(', ').replace(/, ([^,]+)$/, ' or $1')]
    .join(' ')
    .replaceAll(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);

export const listPath = (run: Run, { path }: Resource): string =>
  path.includes('{org}') ? path.replace('{org}', run.org) : path;

/** Returns the path of the one with this name. Throws CommandError or UsageError if no single one has it. */
export async function pathOf(run: Run, resource: Resource, name: string): Promise<string> {
  const list = listPath(run, resource);
  const { names } = resource;
  if (!names.includes('id') || names.length === 1 || idForm.test(name)) return `${list}/${encodeURIComponent(name)}`;
  const { items } = await run.services.list(resource.service, list, {}, maxNamed);
  const [one, ...others] = items.filter((item) => names.some((field) => item[field] === name));
  if (!one) throw new CommandError(exitCodes.notFound, `${run.org} has no ${resource.noun} ${name}`);
  if (others.length === 0) return `${list}/${one.id}`;
  const ids = [one, ...others].map(({ id, status }) => `\n  ${id} ${status}`).join('');
  throw new UsageError(`${run.org} has several ${resource.noun}s named ${name}\nhint: use one of these ids:${ids}`);
}

/** Returns the id of the one with this name. */
export const idOf = async (run: Run, resource: Resource, name: string): Promise<string> =>
  (await pathOf(run, resource, name)).split('/').at(-1) ?? '';
