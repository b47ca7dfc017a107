/**
 * The name of a directory, the teams that one service account sees: `<dataCenter>/<destinationOrgId>/<serviceAccountId>`.
 *
 * All connections whose application keys belong to that account share the directory. If the destination does not reveal
 * the owner of a key, the connection has a separate directory: `<dataCenter>/~/<connectionId>`.
 */
export const directoryPattern = '^[A-Z][A-Z0-9-]{1,31}/(?:~|[A-Za-z0-9._-]{1,128})/[A-Za-z0-9._-]{1,128}$';
export const maxDirectoryLength = 290;

const isPart = (text: string): boolean => /^[A-Za-z0-9._-]{1,128}$/.test(text);

/** Returns the directory of a connection: a separate one if an id is missing or cannot be part of a record key. */
export function directoryOf(
  dataCenter: string,
  destinationOrgId: string,
  serviceAccountId: string,
  connectionId: string,
): string {
  const isNamed = isPart(destinationOrgId) && isPart(serviceAccountId);
  return isNamed ? `${dataCenter}/${destinationOrgId}/${serviceAccountId}` : `${dataCenter}/~/${connectionId}`;
}

/** Returns data center and org of a directory, which share rate limits; a separate directory of one connection counts as its own org. */
export function destinationOf(directory: string): string {
  const [dataCenter, org, account] = directory.split('/');
  return org === '~' ? `${dataCenter}/~/${account}` : `${dataCenter}/${org}`;
}
