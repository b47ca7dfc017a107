import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { answersOk, freePort } from '@pagebridge/local-stack';
import { programPath } from '../../optional-programs.ts';
import type { Testbed } from '../harness/testbed.ts';
import type { Sent } from '../page-path/paced.ts';
import type { Receiver } from '../page-path/page-path.ts';
import type { Loads, Source, Started } from './loads.ts';
import type { PostInput } from './programs/post-alerts.ts';

const postAlerts = join(import.meta.dirname, 'programs/post-alerts.ts');

export const howToGetAlertmanager =
  'Alertmanager: apt-get install prometheus-alertmanager, or a release from prometheus.io with `alertmanager` in the PATH';

/** Returns the full path of Alertmanager, or undefined if it is not installed. */
export const alertmanagerPath = (): string | undefined => programPath('alertmanager');

/** Starts a single Alertmanager that posts every alert immediately and ungrouped. It keeps all of its alerts. */
export async function startAlertmanager(
  testbed: Testbed,
  receiver: Receiver,
  loads: Loads,
  command: string,
): Promise<Started> {
  const { url, pid } = await startBareAlertmanager(testbed, command, configFor(receiver.webhookUrl));
  const source = postsTo(testbed, url);
  await testbed.progress.step('warming up Alertmanager', () => loads.warmUp(source));
  return { source, pids: { alertmanager: [pid] } };
}

/** Starts a single Alertmanager; by default it tells nobody of its alerts. */
export async function startBareAlertmanager(
  testbed: Testbed,
  command: string,
  configuration = 'route: { receiver: nobody }\nreceivers: [{ name: nobody }]\n',
): Promise<{ readonly url: string; readonly pid: number }> {
  const home = join(testbed.folder.path, 'alertmanager');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const config = join(home, 'alertmanager.yml');
  writeFileSync(config, configuration);
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const { pid } = await testbed.processes.start({
    name: 'alertmanager',
    command,
    args: [
      `--config.file=${config}`,
      `--storage.path=${join(home, 'data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
      '--cluster.listen-address=',
      '--log.level=warn',
    ],
    layer: 3,
    ready: () => answersOk(`${url}/-/ready`),
  });
  return { url, pid };
}

/** Returns a source that posts alerts from its own process. */
function postsTo(testbed: Testbed, url: string): Source {
  let count = 0;
  return {
    publish: (pace) => {
      count += 1;
      const input: PostInput = { url, monitor: `posted-${count}`, ...pace };
      return testbed.run<Sent>(postAlerts, input);
    },
  };
}

const configFor = (webhookUrl: string) => `route:
  receiver: bench
  group_by: ['...']
  group_wait: 0s
receivers:
  - name: bench
    webhook_configs:
      - url: ${webhookUrl}
        send_resolved: false
`;
