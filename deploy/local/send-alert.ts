import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Alert } from '@pagebridge/contracts';
import { localFolder } from './folder.ts';
import { runProgram } from './lifecycle.ts';
import type { StackInfo } from './stack-info.ts';

/*
 * npm run alert -- --org acme-us --key monitor-1 'High memory usage. @oncall-core-infra'
 * Publishes one alert event as an alerting system does, to the stack that `npm start` runs or to `--brokers`.
 */
const usage = "npm run alert -- [--org acme-us] [--key monitor-1] [--transition triggered] 'text with @oncall-handles'";

async function run(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      brokers: { type: 'string', default: brokersOfRunningStack() },
      org: { type: 'string', default: 'acme-us' },
      key: { type: 'string', default: 'monitor-1' },
      transition: { type: 'string', default: 'triggered' },
      origin: { type: 'string', default: 'monitor' },
      title: { type: 'string' },
    },
  });
  const [message] = positionals;
  if (!message) throw new Error(usage);
  if (!values.brokers) throw new Error('no stack runs here (npm start); give --brokers host:port');
  const alert = {
    sourceOrg: values.org,
    alertKey: values.key,
    transition: values.transition as Alert['transition'],
    origin: values.origin as Alert['origin'],
    title: values.title ?? message.slice(0, 100),
    message,
    occurredAt: new Date().toISOString(),
  };
  const id = randomUUID();
  await publish(values.brokers, alert, id);
  process.stdout.write(`alert event ${id} of ${values.org}/${values.key} published\n`);
  return 0;
}

async function publish(brokers: string, alert: Alert, id: string): Promise<void> {
  const [{ Alerts }, { Publisher }, { silentLog }] = await Promise.all([
    import('@pagebridge/contracts'),
    import('@pagebridge/kafka'),
    import('./kafka-log.ts'),
  ]);
  const publisher = new Publisher({ brokers: brokers.split(','), clientId: 'pagebridge-alert', log: silentLog });
  await publisher.start();
  const attributes = { id, source: '//pagebridge/npm-run-alert', time: alert.occurredAt };
  await publisher.publish([Alerts.encode(`${alert.sourceOrg}/${alert.alertKey}`, attributes, alert)]);
  await publisher.close();
}

function brokersOfRunningStack(): string {
  const file = join(localFolder, 'stack.json');
  return existsSync(file) ? (JSON.parse(readFileSync(file, 'utf8')) as StackInfo).brokers : '';
}

await runProgram({ run, stop: async () => {}, kill: () => {} });
