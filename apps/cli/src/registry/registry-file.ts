import { Connections, type Contract, Directories, Handles, SourceOrgs } from '@pagebridge/contracts';
import { RegistryTables } from './registry-tables.ts';

const format = 'pagebridge-registry/v1';
const lists = ['connections', 'sourceOrgs', 'directories', 'handles'] as const;

/**
 * Yields the lines of the file of a registry: JSON with one item a line, in an order that depends on nothing but the items, so
 * that two files can be compared line by line. With `org`, only what this source org can page.
 */
export function* linesOf(tables: RegistryTables, org?: string): Generator<string> {
  const connections = sorted(tables.connections, (its) => [its.sourceOrg, its.slug, its.connectionId]).filter(
    ({ sourceOrg }) => org === undefined || sourceOrg === org,
  );
  const read = new Set(connections.map(({ directory }) => directory));
  const isRead = ({ directory }: { readonly directory: string }) => org === undefined || read.has(directory);
  const items: Record<(typeof lists)[number], readonly object[]> = {
    connections,
    sourceOrgs: sorted(tables.sourceOrgs, (its) => [its.sourceOrg]).filter(
      ({ sourceOrg }) => org === undefined || sourceOrg === org,
    ),
    directories: sorted(tables.directories, (its) => [its.directory]).filter(isRead),
    handles: sorted(tables.handles, (its) => [its.directory, its.teamHandle, its.teamId]).filter(isRead),
  };
  yield `{"format": "${format}",`;
  for (const [n, list] of lists.entries()) {
    yield `"${list}": [`;
    for (const [at, item] of items[list].entries())
      yield `  ${JSON.stringify(inOrder(item))}${at + 1 < items[list].length ? ',' : ''}`;
    yield n + 1 < lists.length ? '],' : ']}';
  }
}

function sorted<Item>(items: ReadonlyMap<string, Item>, by: (item: Item) => readonly string[]): Item[] {
  const keyed = [...items.values()].map((item) => ({ item, key: by(item).join('\u0000') }));
  return keyed.toSorted((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : 0)).map(({ item }) => item);
}

/** Producers write fields in any order. */
const inOrder = (item: object): object =>
  Object.fromEntries(Object.entries(item).toSorted(([a], [b]) => (a < b ? -1 : 1)));

const epoch = '2000-01-01T00:00:00Z';
/** What an item has in its topic and not in the file. */
const leftOut = {
  connection: { credential: { sealed: '', revision: 0, checkedAt: epoch } },
  handle: { changedAt: epoch, ownerEpoch: 0 },
  directory: { at: epoch, ownerEpoch: 0 },
};

/** Reads the JSON of a registry that was exported, and may have been changed since. Throws an Error with the item that is wrong. */
export function registryIn(text: string): RegistryTables {
  const file = JSON.parse(text) as Partial<Record<string, unknown>> | null;
  if (file?.format !== format) throw new Error(`use the output of registry export, with "format": "${format}"`);
  const tables = new RegistryTables();
  const each = <Data>(
    list: (typeof lists)[number],
    contract: Contract<Data>,
    rest: object,
    apply: (data: Data) => void,
  ) => {
    const items = file[list] ?? [];
    if (!Array.isArray(items)) throw new Error(`${list} must be a list`);
    for (const [n, item] of items.entries()) apply(checked(contract, { ...rest, ...item }, `${list}[${n}]`));
  };
  each('connections', Connections, leftOut.connection, (its) => tables.applyConnection(its.connectionId, its));
  each('sourceOrgs', SourceOrgs, {}, (its) => tables.applySourceOrg(its.sourceOrg, its));
  each('directories', Directories, leftOut.directory, (its) => tables.applyDirectory(its.directory, its));
  each('handles', Handles, leftOut.handle, (its) => tables.applyHandle(its.directory, its.teamId, its));
  return tables;
}

/** Returns data that its contract allows: an item is what a record of its topic would be. */
function checked<Data>(contract: Contract<Data>, data: object, where: string): Data {
  const event = { specversion: '1.0', type: contract.card.eventType, source: '/registry', id: 'registry', data };
  const read = contract.dataOf({ value: JSON.stringify(event), headers: {} });
  if (!read.ok) throw new Error(`${where}: ${read.detail.replace(/^data\./, '')}`);
  return read.data;
}
