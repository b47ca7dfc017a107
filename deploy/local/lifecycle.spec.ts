import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';

it('stops its children in order even if its terminal is closed', async () => {
  const program = `
    import { runProgram } from ${JSON.stringify(join(import.meta.dirname, 'lifecycle.ts'))};
    setInterval(() => {}, 1000);
    const run = () => new Promise(() => process.send('running'));
    const stop = () => new Promise((sent) => process.send('stopped', sent));
    await runProgram({ run, stop, kill: () => process.send('killed') });`;
  const child = spawn(process.execPath, ['--input-type=module', '--eval', program], {
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  const messages: unknown[] = [];
  child.on('message', (message) => messages.push(message));
  await once(child, 'message');
  child.stdout?.destroy();
  child.stderr?.destroy();
  child.kill('SIGHUP');
  const [code] = await once(child, 'exit');
  expect({ code, messages }).toEqual({ code: 129, messages: ['running', 'stopped'] });
});
