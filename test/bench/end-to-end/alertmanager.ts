import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { answersOk, freePort, type LocalProcess } from '@pagebridge/local-stack';
import type { Ground } from '../harness/ground.ts';

export const howToGetAlertmanager =
  'Alertmanager: apt-get install prometheus-alertmanager, or a release from prometheus.io with `alertmanager` in the PATH';

const names = ['prometheus-alertmanager', 'alertmanager'];

/** The full path of Alertmanager, or undefined where this machine has none. */
export function alertmanagerPath(): string | undefined {
  const folders = (process.env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(existsSync);
}

/** Starts an Alertmanager that knows nothing, posts every alert at once and alone, and is its own cluster. Returns its URL. */
export async function startAlertmanager(
  ground: Ground,
  command: string,
  webhookUrl: string,
): Promise<{ url: string; process: LocalProcess }> {
  const home = join(ground.folder.path, 'alertmanager');
  rmSync(home, { recursive: true, force: true });
  mkdirSync(home, { recursive: true });
  const config = join(home, 'alertmanager.yml');
  writeFileSync(config, configFor(webhookUrl));
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const process = await ground.processes.start({
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
  return { url, process };
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
