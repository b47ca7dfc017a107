/**
 * Names what one service account of a destination org sees of its teams: `<dataCenter>/<destinationOrgId>/<serviceAccountId>`.
 *
 * All connections whose application keys belong to that account read the same directory. Where the destination does not
 * say whose key it is, a connection has a directory of its own: `<dataCenter>/~/<connectionId>`.
 */
export const directoryPattern = '^[A-Z][A-Z0-9-]{1,31}/(?:~|[A-Za-z0-9._-]{1,128})/[A-Za-z0-9._-]{1,128}$';
export const longestDirectory = 290;

const isPart = (text: string): boolean => /^[A-Za-z0-9._-]{1,128}$/.test(text);

/** The directory that a connection reads. Ids that could not stand in a key give it one of its own. */
export function directoryOf(
  dataCenter: string,
  destinationOrgId: string,
  serviceAccountId: string,
  connectionId: string,
): string {
  const isNamed = isPart(destinationOrgId) && isPart(serviceAccountId);
  return isNamed ? `${dataCenter}/${destinationOrgId}/${serviceAccountId}` : `${dataCenter}/~/${connectionId}`;
}

/** The destination org of a directory, with its data center: who shares its rate limits. A directory of its own stands for itself. */
export function destinationOf(directory: string): string {
  const [dataCenter, org, account] = directory.split('/');
  return org === '~' ? `${dataCenter}/~/${account}` : `${dataCenter}/${org}`;
}
