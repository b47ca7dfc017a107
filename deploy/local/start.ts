import { join } from 'node:path';
import { build } from './build.ts';
import { localFolder } from './folder.ts';
import { runProgram } from './lifecycle.ts';
import { Progress } from './progress.ts';
import type { Stack } from './stack.ts';

/* npm start: everything, until Ctrl-C. `.local/stack.json` tells tools where it is. */
const progress = new Progress();
let stack: Stack | undefined;

async function run(stopping: AbortSignal): Promise<number> {
  await progress.step('building what has changed', build);
  const [{ Stack }, { welcome }] = await Promise.all([import('./stack.ts'), import('./welcome.ts')]);
  stack = new Stack({ name: 'start', progress, infoFile: join(localFolder, 'stack.json') });
  stack.processes.onUnexpectedEnd = (ended) => progress.say(ended.obituary());
  const info = await stack.start();
  process.stdout.write(welcome(info, stack.folder.logs));
  await new Promise((resolve) => stopping.addEventListener('abort', resolve));
  return 0;
}

await runProgram({
  run,
  stop: async () => stack?.stop(),
  kill: () => stack?.kill(),
});
