import { relative } from 'node:path';
import { people } from './access/clients.ts';
import { envFileOf, root, type StackFolder, secureFolder, stackFileOf } from './folder.ts';
import { loginFolder } from './secure/login-files.ts';
import { connectionFile } from './stack/sandbox-keys.ts';
import type { StackInfo } from './stack/stack-info.ts';

/** Returns the text that `npm start` prints once everything runs: the URLs, and commands for a first page. */
export function welcome(
  { brokers, logins, databaseUrl, services, management, destinations, access }: StackInfo,
  folder: StackFolder,
): string {
  const urls = [
    ['Kafka', brokers],
    ['database', logins ? databaseUrl.replace(/:[^:@/]+@/, ':…@') : databaseUrl],
    ['connection-management', services.connectionManagement],
    ['handle-sync', services.handleSync],
    ['page-routing', services.pageRouting],
    ['alert-intake', services.alertIntake],
    ['page-history', services.pageHistory],
    ...destinations.map(({ org, dataCenter, controlUrl }) => [`${org} (${dataCenter})`, controlUrl]),
    ['OpenID provider', access.issuer],
    ['health and metrics of', ''],
    ['  console-gateway', management.console],
    ['  connection-management', management.connectionManagement],
    ['  handle-sync', management.handleSync],
    ['  page-routing', management.pageRouting],
    ['  page-delivery', management.pageDelivery],
    ['  alert-intake', management.alertIntake],
    ['  page-history', management.pageHistory],
    ['logs', relative(root, folder.logs)],
  ];
  const table = urls.map(([name = '', url]) => `  ${name.padEnd(24)} ${url}`).join('\n');
  const logIns = people.map(({ name, does }) => `  ${name.padEnd(24)} ${does}`).join('\n');
  const [first] = destinations;
  const token = folder.name === 'start' ? 'npm run -s token --' : `npm run -s token -- --name ${folder.name}`;
  return `
Open the console at ${services.console} and sign in as one of these people, without a password:

${logIns}

${table}

In a second terminal, in this folder, add a connection as ada (an admin of acme-us) with the keys of the sandbox, list its
handles, send an alert and list the pages. The first line sets the addresses above as variables, which all guides use:

  . ${relative(root, envFileOf(stackFileOf(folder.name)))} && TOKEN=$(${token} --as ada)
  curl -sS $CONNECTION_MANAGEMENT_URL/v1/source-orgs/acme-us/connections -H "authorization: Bearer $TOKEN" \\
    -H 'content-type: application/json' -d @${relative(root, connectionFile(folder, first?.org ?? ''))}
  curl -sS "$HANDLE_SYNC_URL/v1/source-orgs/acme-us/handles?query=core" -H "authorization: Bearer $TOKEN"
  npm run -s alert -- 'High memory usage detected on backend services. @oncall-core-infra'
  curl -sS $SANDBOX_CONTROL_URL/orgs/${first?.org}/pages
${logins ? loginHelp(folder) : ''}
Press Ctrl-C to stop. The next npm start${logins ? ' -- --secure' : ''} keeps these connections and topics unless you pass --fresh.
The two destination orgs lose their pages at a stop. Until an open alert recovers, it joins a page that no longer exists
(to recover it: npm run -s alert -- --transition recovered).
`;
}

/** Returns the logins of a secure stack; npm run alert and npm run pagebridge use them automatically. */
function loginHelp(folder: StackFolder): string {
  const logins = relative(root, loginFolder(secureFolder(folder)));
  return `
Kafka requires TLS, a client certificate and a password. MariaDB requires TLS and a password. Each user has minimal rights.
The logins are in ${logins}: database.env, and for each user .env (shell), .properties (Kafka tools) and .kcat (kcat):

  kcat -F ${logins}/subscribers.kcat -C -t paging.page-outcomes.v1 -o beginning -e -q
  (set -a; . ${logins}/admin.env; npm run -s pagebridge -- topics create)
`;
}
