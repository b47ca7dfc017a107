import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Processes } from '@pagebridge/local-stack/base';
import { waitFor } from '@pagebridge/testing';
import { RemoteStack } from './remote-stack.ts';
import { StackControl } from './stack-control.ts';

let home: string;
let processes: Processes;
let controlUrl: string;

const service = (name: string, layer: number) => ({
  name,
  command: '/bin/sh',
  args: ['-c', 'echo "mode $MODE"; exec sleep 60'],
  layer,
  ready: async () => true,
});

beforeEach(async () => {
  home = mkdtempSync(join(tmpdir(), 'pagebridge-control-'));
  const folder = { name: 'control', path: home, logs: join(home, 'logs'), run: join(home, 'run') };
  mkdirSync(folder.logs);
  processes = new Processes(folder);
  for (const [layer, name] of ['mariadb', 'page-routing', 'page-delivery'].entries()) {
    await processes.start(service(name, layer));
  }
  const startAnother = () => processes.start(service('page-delivery-other-1', 2));
  controlUrl = await StackControl.of({ processes, startAnother });
});
afterEach(async () => {
  await processes.killAll();
  rmSync(home, { recursive: true, force: true });
});

const running = () => new Map(processes.running.map(({ spec, pid }) => [spec.name, pid]));
const said = (name: string) => readFileSync(join(home, 'logs', `${name}.log`), 'utf8');

describe('a stack after restore', () => {
  it('runs the stopped and killed processes again, resumes the frozen ones, and has ended the added ones', async () => {
    const before = running();
    const stack = new RemoteStack(controlUrl, {});
    await stack.stop('mariadb');
    await stack.crash('page-delivery');
    await stack.signal('page-routing', 'SIGSTOP');
    expect(await stack.startAnother('page-delivery')).toMatchObject({ name: 'page-delivery-other-1' });
    expect([...running().keys()]).toEqual(['page-routing', 'page-delivery-other-1']);
    await stack.restore();
    const after = running();
    expect([...after.keys()].toSorted()).toEqual([...before.keys()].toSorted());
    expect(after.get('page-routing')).toBe(before.get('page-routing'));
    const state = () =>
      spawnSync('ps', ['-o', 'stat=', '-p', String(after.get('page-routing'))], { encoding: 'utf8' }).stdout;
    await waitFor('it to go on', () => /^[RS]/.test(state()));
  });

  it('runs services without the variables of the journey', async () => {
    const stack = new RemoteStack(controlUrl, { 'page-routing': { MODE: 'journey' } });
    await stack.open();
    await waitFor('its variables', () => said('page-routing').endsWith('mode journey\n'));
    await stack.restore();
    await waitFor('those from before', () => said('page-routing').endsWith('mode \n'));
    expect(running().size).toBe(3);
  });

  it('names a process that cannot be stopped', async () => {
    await expect(new RemoteStack(controlUrl, {}).stop('kafka')).rejects.toThrow('kafka is not running');
  });
});
