import { type Form, linesOf, print, tableOf } from './output.ts';

/** An object of a service. Which fields it has, its OpenAPI document says. */
export type Item = Readonly<Record<string, unknown>>;

/** What people see of items: fields, separated by spaces, where dots lead into them. */
export interface Look {
  readonly columns: string;
  /** The further columns of `-o wide`. */
  readonly wide?: string;
  /** The fields by which people name one; `-o name` prints the first. */
  readonly names: readonly string[];
}

/** Prints a list for programs as the service gives it, and for people the columns of what `rowOf` makes of each item. */
export function printList<T extends object>(
  items: readonly T[],
  { columns, wide, names }: Look,
  form: Form,
  rowOf: (item: T) => object = (item) => item,
): void {
  const rows = items.map(rowOf) as Item[];
  const fields = (form === 'wide' && wide ? `${columns} ${wide}` : columns).split(' ');
  const cellsOf = (row: Item) => fields.map((field) => textAt(row, field));
  print(items, items, form, () => tableOf(fields.map(titleOf), rows.map(cellsOf)), rows.map(nameFor(names)));
}

/** Prints one thing: for people a field a line, of which those of objects within are named with dots. */
export const printOne = (item: Item, { names }: Pick<Look, 'names'>, form: Form): void =>
  print(item, [item], form, () => linesOf(Object.entries(flat(item))), [nameFor(names)(item)]);

export const isForPeople = (form: Form): boolean => form === 'table' || form === 'wide';

/** Returns the text of a field, where dots lead into it; empty if there is none. */
export const textAt = (item: Item, field: string): string =>
  textOf(field.split('.').reduce<unknown>((its, name) => (isObject(its) ? its[name] : undefined), item));

/** Returns the fields that have a value, of an object and of those within; a list of objects that have names is a field for each. */
export function flat(item: Item): Item {
  const fields = Object.entries(item).flatMap(([name, value]): [string, unknown][] => {
    const inner = Array.isArray(value) && value.every((its) => isObject(its) && 'name' in its) ? byName(value) : value;
    if (!isObject(inner) || Array.isArray(inner)) return [[name, textOf(inner)]];
    return Object.entries(flat(inner)).map(([its, text]) => [`${name}.${its}`, text]);
  });
  return Object.fromEntries(fields.filter(([, value]) => value !== ''));
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  if (Array.isArray(value)) return value.map(textOf).join(', ');
  return isObject(value) ? Object.values(value).map(textOf).filter(Boolean).join(' · ') : String(value);
}

const byName = (items: readonly Item[]): Item =>
  Object.fromEntries(items.map(({ name, ...others }) => [String(name), textOf(others)]));

const nameFor = (names: readonly string[]) => (item: Item) => textAt(item, names[0] ?? '');

// `lastSync.teams` is LAST SYNC TEAMS.
const titleOf = (field: string): string => field.replaceAll(/\.\d+\.|\.|(?=[A-Z])/g, ' ').toUpperCase();

const isObject = (value: unknown): value is Item => typeof value === 'object' && value !== null;
