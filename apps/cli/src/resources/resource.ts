import { UsageError } from '@pagebridge/programs';
import type { ServiceName } from '../contexts/context.ts';
import { CommandError, exitCodes } from '../exit-codes.ts';
import type { Run } from '../http/act.ts';
import type { Item } from '../http/services.ts';
import { type Form, printItems, printThing, type Shape } from '../output/output.ts';

/** Things of a source org that a service lists, shows and changes. */
export interface Resource {
  readonly noun: string;
  readonly service: ServiceName;
  /** The path of the list, below that of the source org. */
  readonly path: string;
  /** The fields by which people name one; the service itself wants the `id`, if that is among them. */
  readonly names: readonly string[];
  readonly columns: readonly Column[];
}

/** The title of a column, the field that it shows, where dots lead into it, and `wide` if only `-o wide` shows it. */
export type Column = readonly [title: string, field: string, wide?: 'wide'];

const mostNamed = 10_000;
const idForm = /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

/** Returns the path of the one with this name. Throws CommandError or UsageError if no single one has it. */
export async function pathOf(run: Run, resource: Resource, name: string): Promise<string> {
  const { noun, service, path, names } = resource;
  const list = `${run.orgPath}/${path}`;
  if (!names.includes('id') || idForm.test(name)) return `${list}/${encodeURIComponent(name)}`;
  const { items } = await run.services.list(service, list, {}, mostNamed);
  const found = items.filter((item) => names.some((field) => item[field] === name));
  const [one, ...others] = found;
  if (!one) throw new CommandError(exitCodes.notFound, `${run.org} has no ${noun} ${name}`);
  if (others.length === 0) return `${list}/${one.id}`;
  const ids = found.map(({ id, status }) => `\n  ${id} ${status}`).join('');
  throw new UsageError(`${run.org} has several of the name ${name}: give one of these ids${ids}`);
}

/** Prints a list for people, or for programs as the service gives it. */
export function printList(
  items: readonly Item[],
  { columns, names }: Pick<Resource, 'columns' | 'names'>,
  form: Form,
): void {
  const shape: Shape<Item> = {
    columns: columns.map(([title, field, wide]) => ({
      title,
      of: (item: Item) => textAt(item, field),
      ...(wide ? { isWide: true } : {}),
    })),
    nameOf: (item) => textAt(item, names[0] ?? ''),
  };
  printItems(items, shape, form);
}

/** Prints one thing: for people a field a line, of which those of objects within are named with dots. */
export function printOne(item: Item, { names }: Pick<Resource, 'names'>, form: Form): void {
  printThing(form === 'table' || form === 'wide' ? flat(item) : item, textAt(item, names[0] ?? ''), form);
}

/** Returns the text of a field, where dots lead into it; empty if there is none. */
export function textAt(item: Item, field: string): string {
  const value = field.split('.').reduce<unknown>((its, name) => (isObject(its) ? its[name] : undefined), item);
  return textOf(value);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return isObject(value) ? Object.values(value).map(textOf).filter(Boolean).join(' · ') : String(value);
}

/** Returns the fields that have a value, of an object and of those within; a list of objects that have names is a field for each. */
export function flat(item: Item): Item {
  const fields = Object.entries(item).flatMap(([name, value]): [string, unknown][] => {
    const inner = Array.isArray(value) && value.every((its) => isObject(its) && 'name' in its) ? byName(value) : value;
    if (!isObject(inner) || Array.isArray(inner)) return [[name, textOf(inner)]];
    return Object.entries(flat(inner)).map(([its, text]) => [`${name}.${its}`, text]);
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== ''));
}

const byName = (items: readonly Item[]): Item =>
  Object.fromEntries(items.map(({ name, ...others }) => [String(name), textOf(others)]));

const isObject = (value: unknown): value is Item => typeof value === 'object' && value !== null;
