/** The filters of a screen: one parameter of the query string each, as plain text. */
export type Filters = Readonly<Record<string, string>>;

/** Returns the filters of a query string. A parameter without a value is none; of a repeated one, the last counts. */
export const parseFilters = (query: string): Filters =>
  Object.fromEntries([...new URLSearchParams(query)].filter(([, value]) => value !== ''));

/** Returns the query string of filters, with `?` unless it is empty. Numbers and ids stay as they are written. */
export function writeFilters(filters: Readonly<Record<string, unknown>>): string {
  const pairs = Object.entries(filters).flatMap(([name, value]): [string, string][] =>
    typeof value === 'string' && value !== '' ? [[name, value]] : [],
  );
  const query = new URLSearchParams(pairs).toString();
  return query === '' ? '' : `?${query}`;
}

/** Returns a check of a route's filters that keeps those with these names. */
export const onlyFilters =
  <Name extends string>(...names: readonly Name[]) =>
  (search: Record<string, unknown>): { readonly [name in Name]?: string | undefined } =>
    Object.fromEntries(
      names.flatMap((name) => (typeof search[name] === 'string' && search[name] !== '' ? [[name, search[name]]] : [])),
    ) as { readonly [name in Name]?: string | undefined };
