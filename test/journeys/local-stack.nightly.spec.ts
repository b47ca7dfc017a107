import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { childEnvironment, endLeftovers, localFolder, root } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';

const name = 'journey-local-stack';
const run = join(localFolder, name, 'run');
let parent: ChildProcess | undefined;
let said = '';

afterEach(async () => {
  if (parent?.exitCode === null && parent.signalCode === null) {
    parent.kill('SIGKILL');
    await once(parent, 'exit');
  }
  endLeftovers();
});

/** Starts `npm run stack` and waits until it has recorded these children as running. */
async function start(...running: readonly string[]): Promise<ChildProcess> {
  const script = join(root, 'deploy/local/infrastructure-only.ts');
  parent = spawn(process.execPath, [script, '--name', name], {
    env: childEnvironment(),
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  said = '';
  parent.stdout?.on('data', (bytes) => {
    said += bytes;
  });
  await waitFor(`${running.join(' and ')} running`, () => running.every((it) => written().includes(it)));
  return parent;
}

/** Returns the children that the present parent has recorded. */
const written = () =>
  existsSync(run)
    ? readdirSync(run)
        .filter(isOfParent)
        .map((file) => file.replace('.json', ''))
    : [];

function isOfParent(file: string): boolean {
  try {
    return JSON.parse(readFileSync(join(run, file), 'utf8')).owner === parent?.pid;
  } catch {
    // The file is being written, or was removed after it was listed.
    return false;
  }
}

/** Returns the command lines of processes in the stack's folder. */
const processesOf = (folder: string): string[] =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .flatMap((pid) => commandLine(pid))
    .filter((command) => command.includes(folder));

function commandLine(pid: string): string[] {
  try {
    return [readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ')];
  } catch {
    // The process ended while the list was read.
    return [];
  }
}

const onLinux = existsSync('/proc/self/cmdline') ? describe : describe.skip;

onLinux('the local stack', () => {
  it('leaves nothing running when it is interrupted during its start', async () => {
    const stack = await start('mariadb');
    stack.kill('SIGINT');
    const [code] = await once(stack, 'exit');
    expect(code).toBe(130);
    expect(processesOf(join(localFolder, name))).toEqual([]);
    expect(written()).toEqual([]);
  });

  it('ends the leftovers of a kill -9 at its next start, and prints its variables for a shell', async () => {
    const killed = await start('mariadb', 'kafka');
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    expect(processesOf(join(localFolder, name)).length).toBeGreaterThan(1);
    const next = await start('mariadb');
    await waitFor('the lines for a shell', () => said.includes('Press Ctrl-C to stop'), {
      withinMs: 90_000,
      lastSeen: () => said,
    });
    const lines = said.split('\n').filter((line) => line.includes('='));
    const shell = spawnSync('sh', ['-c', `${lines.join('\n')}\nenv`], { encoding: 'utf8', env: {} });
    expect(shell.stdout).toMatch(/^KAFKA_BROKERS=127\.0\.0\.1:\d+$/m);
    expect(shell.stdout).toMatch(/^DATABASE_URL=mysql:/m);
    next.kill('SIGTERM');
    const [code] = await once(next, 'exit');
    expect(code).toBe(143);
    expect(processesOf(join(localFolder, name))).toEqual([]);
  }, 180_000);
});

describe('npm run demo', () => {
  it('leaves nothing running when it is interrupted during the start of its services', async () => {
    const demo = spawn(process.execPath, [join(root, 'deploy/local/demo.ts')], { env: childEnvironment() });
    let progress = '';
    demo.stderr.on('data', (bytes) => {
      progress += bytes;
    });
    await waitFor('its topics', () => progress.includes('✓ creating missing topics'));
    demo.kill('SIGINT');
    expect((await once(demo, 'close'))[0]).toBe(130);
    expect(readdirSync(join(localFolder, 'demo', 'run'))).toEqual([]);
  });
});
