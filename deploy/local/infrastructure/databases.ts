/** The services that have a database of their own, and by what its name is longer than that of the first. */
const suffixes = { 'connection-management': '', 'page-history': '_history' } as const;

export type DatabaseOwner = keyof typeof suffixes;
export const databaseOwners = Object.keys(suffixes) as readonly DatabaseOwner[];

/** The variables of the connection of a service, and of its migration. */
export interface DatabaseAccess {
  readonly service: Readonly<Record<string, string>>;
  readonly migration: Readonly<Record<string, string>>;
}

/** Returns the URL of the database of a service, on the server of that of connection-management. */
export function databaseUrlOf(owner: DatabaseOwner, databaseUrl: string): string {
  if (suffixes[owner] === '') return databaseUrl;
  const url = new URL(databaseUrl);
  url.pathname += suffixes[owner];
  return url.href;
}
