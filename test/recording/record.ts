import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build, commandLine, Progress, root, runProgram } from '@pagebridge/local-stack/base';

const help = `npm exec -- node test/recording/record.ts [--of CHECKOUT]: record the state that the services of a commit store in Kafka and MySQL

  --of CHECKOUT  built checkout whose services run; default: this one
  --help         print this help

The program creates connections, alerts, a token and settings on a private stack, stops the services, and writes the topics,
offsets, tables and keys to test/recording/kept. For when to use it, see test/recording/README.md.
`;
// A stack of another checkout runs no others: it may have none.
const recordedServices = ['connection-management', 'handle-sync', 'page-routing', 'page-delivery'] as const;
const { values } = commandLine(help, { of: { type: 'string' } });
const checkout = resolve(values.of ?? root);
if (!existsSync(join(checkout, 'apps/page-delivery/dist/main.js'))) {
  process.stderr.write(`error: --of must be a built checkout: apps/page-delivery/dist is missing in ${checkout}\n`);
  process.exit(2);
}

const progress = new Progress();
let stack: { readonly stop: () => Promise<void>; readonly kill: () => Promise<void> } | undefined;

async function run(): Promise<number> {
  await progress.step('building changed packages', build);
  // What follows imports what was just built.
  const [{ Stack }, { playForRecording }, { keep, keptFolder }, { unlimited }] = await Promise.all([
    import('@pagebridge/local-stack'),
    import('./play.ts'),
    import('./recording.ts'),
    import('@pagebridge/testing'),
  ]);
  const recorded = new Stack({
    name: 'recording',
    progress,
    given: {},
    checkout,
    env: { 'connection-management': unlimited },
  });
  stack = recorded;
  const info = await recorded.start();
  const played = await progress.step('playing', () => playForRecording(info));
  await progress.step('stopping the services', () =>
    Promise.all(recordedServices.map((name) => recorded.service(name).stop())),
  );
  const commit = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: checkout, encoding: 'utf8' }).trim();
  const facts = { commit, recordedAt: new Date().toISOString(), ...played };
  const lock = join(checkout, 'libs/contracts/contracts.lock.json');
  await progress.step(`writing ${keptFolder}`, () => keep(info, recorded.folder.path, lock, facts));
  await progress.step('stopping everything', stop);
  return 0;
}

const stop = async () => stack?.stop();

await runProgram({ run, stop, kill: () => void stack?.kill() });
