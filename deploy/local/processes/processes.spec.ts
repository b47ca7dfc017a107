import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { StackFolder } from '../folder.ts';
import { identityOf } from './identity.ts';
import { endLeftovers } from './leftovers.ts';
import { freePorts, freePortsOr } from './ports.ts';
import { Processes, type ProcessSpec } from './processes.ts';

let home: string;
let folder: StackFolder;
let processes: Processes;

beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'pagebridge-processes-'));
  const path = join(home, 'own');
  folder = { name: 'own', path, logs: join(path, 'logs'), run: join(path, 'run') };
  mkdirSync(folder.logs, { recursive: true });
  processes = new Processes(folder);
});

afterEach(async () => {
  await processes.stopAll();
  rmSync(home, { recursive: true, force: true });
});

const shell = (script: string, its: Partial<ProcessSpec> = {}): ProcessSpec => ({
  name: 'child',
  command: '/bin/sh',
  args: ['-c', script],
  layer: 0,
  ready: async () => true,
  ...its,
});

describe('Processes', () => {
  it('prints the last log lines of a child that ends before it is ready', async () => {
    const start = processes.start(shell('echo the port is taken; exit 3', { ready: async () => false }));
    await expect(start).rejects.toThrow(
      /before it was ready: child ended unexpectedly \(exit code 3\)[\s\S]*the port is taken/,
    );
  });

  it('names a program that cannot be run', async () => {
    const start = processes.start(shell('', { command: '/no/such/program' }));
    await expect(start).rejects.toThrow('child: cannot run /no/such/program');
  });

  it('ends a child that is never ready', async () => {
    const start = processes.start(shell('exec sleep 60', { ready: async () => false, readyWithinMs: 10 }));
    await expect(start).rejects.toThrow('not ready within 10 ms: child ended');
  });

  it('stops higher layers first', async () => {
    const order: string[] = [];
    for (const layer of [0, 2, 1]) {
      const child = await processes.start(shell('exec sleep 60', { name: `layer-${layer}`, layer }));
      void child.ended.then(() => order.push(child.spec.name));
    }
    await processes.stopAll();
    expect(order).toEqual(['layer-2', 'layer-1', 'layer-0']);
  });

  it('kills a child that ignores SIGTERM, together with its own children', async () => {
    const ready = async () => existsSync(join(home, 'deaf'));
    const script = `trap "" TERM; touch ${home}/deaf; sleep 60 & wait; sleep 60`;
    const child = await processes.start(shell(script, { ready, stopWithinMs: 20 }));
    expect(await child.stop()).toBe('SIGKILL');
  });

  it('reports a child that ends unexpectedly, but none that was stopped', async () => {
    const ended: string[] = [];
    processes.onUnexpectedEnd = (child) => ended.push(`${child.spec.name}: ${child.end}`);
    const stopped = await processes.start(shell('exec sleep 60', { name: 'stopped' }));
    const crashed = await processes.start(shell('exit 7', { name: 'crashed' }));
    await Promise.all([stopped.stop(), crashed.ended]);
    expect(ended).toEqual(['crashed: exit code 7']);
  });

  it('starts no process during a stop', async () => {
    await processes.stopAll();
    await expect(processes.start(shell('exec sleep 60'))).rejects.toThrow('child was not started');
  });
});

describe('leftovers', () => {
  const ofKilledOwner = (pid: number, identity: string | undefined) => {
    mkdirSync(folder.run, { recursive: true });
    const entry = { pid, identity, owner: 1, ownerIdentity: 'an earlier run' };
    writeFileSync(join(folder.run, 'child.json'), JSON.stringify(entry));
  };

  it('of a killed owner are ended at the next start', async () => {
    const child = await processes.start(shell('exec sleep 60'));
    ofKilledOwner(child.pid, identityOf(child.pid));
    expect(endLeftovers(home)).toEqual(['own/child']);
    expect(await child.ended).toBe('SIGKILL');
  });

  it('have left their port when the next start looks for free ports', async () => {
    const [port = 0] = await freePorts(1);
    const server = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('listening'))`;
    const child = await processes.start(
      shell(`exec ${process.execPath} -e "${server}"`, {
        ready: async () => readFileSync(join(folder.logs, 'child.log'), 'utf8').includes('listening'),
      }),
    );
    ofKilledOwner(child.pid, identityOf(child.pid));
    endLeftovers(home);
    expect(identityOf(child.pid)).toBeUndefined();
    expect(await freePortsOr([port])).toEqual([port]);
  });

  it('are not mistaken for another process that got their pid', async () => {
    const child = await processes.start(shell('exec sleep 60'));
    ofKilledOwner(child.pid, 'an earlier process');
    expect(endLeftovers(home)).toEqual([]);
    expect(child.end).toBeUndefined();
  });

  it('of a living owner are left alone', async () => {
    const child = await processes.start(shell('exec sleep 60'));
    expect(endLeftovers(home)).toEqual([]);
    expect(child.end).toBeUndefined();
  });
});
