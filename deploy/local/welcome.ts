import { Alerts } from '@pagebridge/contracts';
import type { StackInfo } from './stack-info.ts';

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;

/** What `npm start` says when everything runs: where it is and three lines to try, ready to paste. */
export function welcome({ brokers, databaseUrl, services, destinations }: StackInfo, logs: string): string {
  const [first] = destinations;
  const urls = [
    ['Kafka', brokers],
    ['database', databaseUrl],
    ['connection-management', `${services.connectionManagement}/openapi.json`],
    ['handle-sync', services.handleSync],
    ['page-routing', services.pageRouting],
    ['page-delivery', services.pageDelivery],
    ...destinations.flatMap(({ org, dataCenter, apiUrl, pagingUrl, controlUrl }) => [
      [`${org} (${dataCenter})`, `API ${apiUrl}, paging ${pagingUrl}, pages ${controlUrl}/pages`],
    ]),
    ['logs', logs],
    ['for tools', '.local/stack.json'],
  ];
  const table = urls.map(([name = '', url]) => `  ${name.padEnd(24)} ${url}`).join('\n');
  return `
${table}

Add a connection (the keys are the sandbox's own):
${first ? addConnection(services.connectionManagement, first) : ''}
Send an alert, with kcat or with plain Node:
${kcat(brokers)}
  npm run alert -- --org acme-us --key monitor-1 'High memory usage detected on backend services. @oncall-core-infra'

See the page:
  curl -s ${first?.controlUrl}/pages

Ctrl-C stops everything.
`;
}

function addConnection(
  url: string,
  { org, dataCenter, apiKey, applicationKey }: StackInfo['destinations'][number],
): string {
  const body = JSON.stringify({ name: org, dataCenter, apiKey, applicationKey });
  return `  curl -s ${url}/v1/source-orgs/acme-us/connections -H 'content-type: application/json' \\
    -d ${quoted(body)}
`;
}

// librdkafka partitions by another hash than everybody else unless it is told.
function kcat(brokers: string): string {
  const data = {
    sourceOrg: 'acme-us',
    alertKey: 'monitor-1',
    transition: 'triggered',
    origin: 'monitor',
    title: '[Triggered] High memory usage',
    message: 'High memory usage detected on backend services. @oncall-core-infra',
    occurredAt: 'NOW',
  };
  const { topic, eventType: type } = Alerts.card;
  const event = { specversion: '1.0', type, source: '//monitors.acme.example', id: 'ID', time: 'NOW', data };
  const now = '$(date -u +%Y-%m-%dT%H:%M:%SZ)';
  const text = quoted(JSON.stringify(event)).replaceAll('NOW', `'${now}'`).replace('"ID"', `"'$(date +%s)'"`);
  return `  echo ${text} |
    kcat -P -b ${brokers} -t ${topic} -k acme-us/monitor-1 -X partitioner=murmur2_random \\
      -H content-type=application/cloudevents+json
`;
}
