import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '../folder.ts';
import { killedAlertKey } from './kill.ts';
import { expectThat, type Stage, sourceOrg } from './stage.ts';

const run = promisify(execFile);

/** Asks the command line what became of the alert of the last scene, as an SRE would, and prints what it says. */
export async function askWhatBecameOfIt({ driver, timeline }: Stage): Promise<void> {
  const command = ['trace', killedAlertKey, '--org', sourceOrg, '--kafka'];
  timeline.begin('pagebridge trace shows the history of that alert from the topics');
  timeline.note(`pagebridge ${command.join(' ')}`);
  const cli = join(root, 'apps/cli/dist/main.js');
  const { stdout } = await run(process.execPath, [cli, ...command, '--brokers', driver.info.brokers]);
  const lines = stdout.trimEnd().split('\n');
  for (const line of lines) timeline.said(line);
  const answer = lines.at(-1) ?? '';
  expectThat('an answer with the possible duplicate', /^Paged search .*possibly twice/.test(answer), answer);
  timeline.end(answer);
}
