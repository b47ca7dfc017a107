import { build } from './build.ts';
import { commandLine } from './command-line.ts';
import { runProgram } from './lifecycle.ts';
import { Progress, seconds } from './progress.ts';
import type { Stack } from './stack/stack.ts';

const help = `npm run demo: run thirteen scenarios on a local stack, and print each step with its time and a summary

Exit code 0: all scenarios passed. All processes are stopped at the end.

  KAFKA_BROKERS  use this Kafka (host:port,…) instead of a private one
  DATABASE_URL   use this database (mysql://user:password@host:port/database) instead of a private one
`;
commandLine(help, {});

const progress = new Progress();
let stack: Stack | undefined;

async function run(): Promise<number> {
  const started = performance.now();
  await progress.step('building changed packages', build);
  // The following imports need the build.
  const [{ Stack }, { Driver }, { Timeline }, { playStory, storyEnv }] = await Promise.all([
    import('./stack/stack.ts'),
    import('./stack/driver.ts'),
    import('./demo/timeline.ts'),
    import('./demo/story.ts'),
  ]);
  stack = new Stack({ name: 'demo', progress, env: storyEnv });
  stack.processes.onUnexpectedEnd = (ended) => progress.say(ended.endReport());
  const info = await stack.start();
  const driver = new Driver(info, 'ada');
  await driver.open();
  const [globex, initech] = info.destinations;
  if (!globex || !initech) throw new Error('the demo requires two destination orgs');
  const held = await playStory({ driver, services: stack, timeline: new Timeline(), globex, initech });
  await driver.close();
  await progress.step('stopping everything', () => stop());
  if (held)
    process.stdout.write(`\nThe demo ran on a real Kafka and MariaDB in ${seconds(performance.now() - started)}.\n`);
  else process.stderr.write(`Logs: ${stack.folder.logs}\n`);
  return held ? 0 : 1;
}

const stop = async () => stack?.stop();

await runProgram({ run, stop, kill: () => stack?.kill() });
