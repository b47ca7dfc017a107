import { relative } from 'node:path';
import { root, type StackFolder } from './folder.ts';
import { connectionFile } from './stack/sandbox-keys.ts';
import type { StackInfo } from './stack/stack-info.ts';

/** What `npm start` says when everything runs: where it is, and what to paste for a first page. */
export function welcome(
  { brokers, databaseUrl, services, management, destinations, access }: StackInfo,
  folder: StackFolder,
): string {
  const urls = [
    ['Kafka', brokers],
    ['database', databaseUrl],
    ['connection-management', services.connectionManagement],
    ['handle-sync', services.handleSync],
    ['page-routing', services.pageRouting],
    ...destinations.map(({ org, dataCenter, controlUrl }) => [`${org} (${dataCenter})`, controlUrl]),
    ['OpenID provider', access.issuer],
    ['health and metrics of', ''],
    ['  connection-management', management.connectionManagement],
    ['  handle-sync', management.handleSync],
    ['  page-routing', management.pageRouting],
    ['  page-delivery', management.pageDelivery],
    ['logs', relative(root, folder.logs)],
  ];
  const table = urls.map(([name = '', url]) => `  ${name.padEnd(24)} ${url}`).join('\n');
  const [first] = destinations;
  const token = folder.name === 'start' ? 'npm run -s token --' : `npm run -s token -- --name ${folder.name}`;
  return `
${table}

Add a connection as ada, an admin of acme-us, with the keys of the sandbox; ask for its handles; send an alert; see its page:

  TOKEN=$(${token} --as ada)
  curl -s ${services.connectionManagement}/v1/source-orgs/acme-us/connections -H "authorization: Bearer $TOKEN" \\
    -H 'content-type: application/json' -d @${relative(root, connectionFile(folder, first?.org ?? ''))}
  curl -s '${services.handleSync}/v1/source-orgs/acme-us/handles?query=core' -H "authorization: Bearer $TOKEN"
  npm run -s alert -- 'High memory usage detected on backend services. @oncall-core-infra'
  curl -s ${first?.controlUrl}/pages

Ctrl-C stops everything. The next npm start goes on with these connections and topics; npm start -- --fresh does not.
The two destination orgs forget their pages: an alert that was open then joins a page that they no longer know, until it has
recovered (npm run -s alert -- --transition recovered).
`;
}
