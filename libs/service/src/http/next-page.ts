import type { Request } from 'express';

/** Returns the path that repeats a request for a list with these parameters, and with the others as they are. */
export function nextPage({ path, query }: Request, parameters: Readonly<Record<string, string | number>>): string {
  const all = Object.entries({ ...query, ...parameters });
  return `${path}?${new URLSearchParams(all.map(([name, value]): [string, string] => [name, String(value)]))}`;
}
