import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { root } from '@pagebridge/local-stack';
import type { Bench, Contender, Testbed } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';
import { pageHistory, recordsOf, service, sourceOrg } from './page-history.ts';

const run = promisify(execFile);
const cli = join(root, 'apps/cli/dist/main.js');
const trace = 'pagebridge trace --kafka';
const records = 1_000_000;
/** An alert has a record in each of four topics: of the alert, its command, its state and its outcome. */
const each = 4;
const atOnce = 5000;

async function ours(testbed: Testbed): Promise<Contender> {
  const alerts = (testbed.quick ? records / 10 : records) / each;
  const path = await PagePath.on(testbed, []);
  await testbed.progress.step(`publishing ${alerts * each} records`, async () => {
    for (let from = 0; from < alerts; from += atOnce) {
      const numbers = Array.from({ length: Math.min(atOnce, alerts - from) }, (_, index) => from + index);
      await path.publish(numbers.flatMap((number) => recordsOf(number, sourceOrg, true)));
    }
  });
  await path.close();
  const from = ['--kafka', '--brokers', path.access().brokers];
  // One that paged a team.
  const key = `monitor-${Math.floor(alerts / 200) * 100 + 2}`;
  const measure = async () => {
    const startedAt = performance.now();
    const { stdout } = await run(process.execPath, [cli, 'trace', key, '--org', sourceOrg, ...from]);
    const traceSeconds = (performance.now() - startedAt) / 1000;
    if (!stdout.trimEnd().split('\n').at(-1)?.startsWith('Paged team-2')) throw new Error(stdout);
    return { traceSeconds };
  };
  await testbed.progress.step('warming up', measure);
  return { name: trace, measure };
}

export const history: Bench = {
  // A round of page-history takes ten minutes.
  rounds: 1,
  findings: [
    { name: 'trace of a key among 1,000,000 records, s', figure: 'traceSeconds', of: trace, goal: { atMost: 4 } },
    {
      name: '180,000 alerts with their pages are caught up in, s',
      figure: 'catchUpSeconds',
      of: service,
      goal: { atMost: 300 },
    },
    { name: 'behind at 300 alerts a second, p99, ms', figure: 'behindP99Ms', of: service, goal: { atMost: 2000 } },
    { name: 'a trace with 2,000,000 alerts kept, p99, ms', figure: 'traceP99Ms', of: service, goal: { atMost: 50 } },
    { name: 'a list with 2,000,000 alerts kept, p99, ms', figure: 'listP99Ms', of: service, goal: { atMost: 300 } },
    {
      name: 'a trace beside ten searches and forty slow readers of another org, p99, ms',
      figure: 'besideCrowdP99Ms',
      of: service,
      goal: { atMost: 300 },
    },
    { name: 'a trace of 3 MB of records, p99, ms', figure: 'traceOf3MbP99Ms', of: service },
    { name: 'a trace with 20,000 alerts kept, p99, ms', figure: 'traceOf20000P99Ms', of: service },
    { name: 'a list with 20,000 alerts kept, p99, ms', figure: 'listOf20000P99Ms', of: service },
    { name: 'disk for an alert, bytes', figure: 'bytesAnAlert', of: service },
  ],
  prepare: async (testbed) => [await ours(testbed), pageHistory(testbed)],
};
