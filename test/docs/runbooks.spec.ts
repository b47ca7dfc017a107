import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { parse } from 'yaml';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');

/** Calls a shell function of a document, where there are two pods; returns what it runs in them. */
function inPods(document: string, call: string, env: Readonly<Record<string, string>> = {}): readonly string[] {
  const [name = ''] = call.split(' ');
  const [definition = ''] = new RegExp(`^${name}\\(\\) \\{\\n.*?^\\}$`, 'ms').exec(read(document)) ?? [];
  const kubectl = 'kubectl() { if [ "$3" = get ]; then echo pod/one pod/two; else echo "kubectl $*"; fi; }';
  const script = [kubectl, definition, call].join('\n');
  const { stdout } = spawnSync('bash', ['-c', script], { encoding: 'utf8', env: { PATH: process.env.PATH, ...env } });
  return stdout.split('\n').filter((line) => line.startsWith('kubectl '));
}

describe('docs/runbooks/alerts.md', () => {
  it('asks every pod for its health, also the one that is not ready', () => {
    const lines = inPods('docs/runbooks/alerts.md', 'health page-delivery');
    const asks = '-- /usr/local/bin/node /app/pagebridge.js health';
    expect(lines).toEqual([`kubectl -n paging exec pod/one ${asks}`, `kubectl -n paging exec pod/two ${asks}`]);
  });
});

describe('docs/runbooks/replay-dead-letters.md', () => {
  it('runs the program in its pod, with a terminal for the confirmation', () => {
    const { metadata } = parse(read('deploy/examples/programs/dead-letters.yaml'));
    const call = "dead_letters replay --topic alerts --record-key 'acme-us/*' --actor ada";
    const lines = inPods('docs/runbooks/replay-dead-letters.md', call);
    const program = '/usr/local/bin/node /app/pagebridge.js pagebridge dead-letters';
    const exec = `kubectl -n paging exec -it ${metadata.name} -- ${program} replay --topic alerts --record-key acme-us/* --actor ada`;
    expect(lines).toEqual([exec]);
  });
});

describe('docs/runbooks/rotate-sealing-keys.md', () => {
  it('makes the keys and reseals in the pod, which has the ring and reads the token from its input', () => {
    const pod = parse(read('deploy/examples/programs/reseal.yaml'));
    const exec = `kubectl -n paging exec -i ${pod.metadata.name} -- /usr/local/bin/node /app/pagebridge.js`;
    const page = 'docs/runbooks/rotate-sealing-keys.md';
    expect(inPods(page, 'run pagebridge reseal')).toEqual([`${exec} pagebridge reseal`]);
    const env: { name: string; value: string }[] = pod.spec.containers[0].env;
    const variable = (wanted: string) => env.find(({ name }) => name === wanted)?.value;
    const ring = variable('CREDENTIALS_PRIVATE_KEYS_FILE');
    expect(read(page)).toContain(`run sealing-keys --add-to ${ring} > pair.json`);
    expect(variable('PAGEBRIDGE_TOKEN_FILE')).toBe('/dev/stdin');
  });
});
