import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import {
  Alerts,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  PageStates,
} from '@pagebridge/contracts';
import { root } from '@pagebridge/local-stack';
import { anAlert } from '@pagebridge/testing';
import type { Bench, Contender } from '../harness/bench.ts';
import type { Testbed } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';
import { uuidOf } from '../page-path/world.ts';
import { pageHistory, service } from './page-history.ts';

const run = promisify(execFile);
const cli = join(root, 'apps/cli/dist/main.js');
const trace = 'pagebridge trace --kafka';
const sourceOrg = 'acme';
const records = 1_000_000;
/** An alert has a record in each of four topics: of the alert, its command, its state and its outcome. */
const each = 4;
const atOnce = 5000;

/** Returns the records of an alert that paged. */
function recordsOf(number: number) {
  const alertKey = `monitor-${number}`;
  const key = `${sourceOrg}/${alertKey}`;
  const time = new Date().toISOString();
  const [id, pageId] = [uuidOf('event', alertKey), uuidOf('page', alertKey)];
  const attributes = { id, source: '/bench', time };
  const of = { pageId, connectionId: uuidOf('connection'), teamHandle: 'core-infra' };
  const page = { ...of, sourceOrg, alertKey, alertEventId: id };
  const urgency = 'high' as const;
  const command: PageCommand = {
    ...{ ...page, kind: 'page', transition: 'triggered', occurredAt: time, teamId: 't', handle: '@oncall-core-infra' },
    ...{ matched: 'exact', urgency, title: 'High memory usage', description: 'x'.repeat(300), tags: [], links: [] },
  };
  const outcome: PageOutcome = {
    ...{ ...page, outcome: 'delivered', at: time, attempts: 1, possibleDuplicate: false, destinationPageId: pageId },
    call: { durationMs: 20, status: 200 },
  };
  const times = { occurredAt: time, triggeredAt: time, acceptedAt: time, nextAttemptAt: time, deliveredAt: time };
  const state = {
    ...{ sourceOrg, alertKey, ownerEpoch: 1, lastEventAt: time, updatedAt: time },
    pages: [
      {
        ...{ ...of, ...times, teamId: 't', urgency, status: 'delivered' as const, alertEventId: id, attempts: 1 },
        ...{ resolveAttempts: 0, possibleDuplicate: false, joined: [], unreported: [] },
      },
    ],
  };
  const message = `${'Memory has been above ninety per cent. '.repeat(5)}@oncall-core-infra`;
  return [
    Alerts.encode(key, attributes, anAlert({ sourceOrg, alertKey, message, occurredAt: time })),
    PageCommands.encode(key, attributes, command),
    PageStates.encode(key, attributes, state),
    PageOutcomes.encode(key, attributes, outcome),
  ];
}

async function ours(testbed: Testbed): Promise<Contender> {
  const alerts = (testbed.quick ? records / 10 : records) / each;
  const path = await PagePath.on(testbed, []);
  await testbed.progress.step(`publishing ${alerts * each} records`, async () => {
    for (let from = 0; from < alerts; from += atOnce) {
      const numbers = Array.from({ length: Math.min(atOnce, alerts - from) }, (_, index) => from + index);
      await path.publish(numbers.flatMap(recordsOf));
    }
  });
  await path.close();
  const from = ['--kafka', '--brokers', path.access().brokers];
  const measure = async () => {
    const key = `monitor-${Math.floor(alerts / 2)}`;
    const startedAt = performance.now();
    const { stdout } = await run(process.execPath, [cli, 'trace', key, '--org', sourceOrg, ...from]);
    const traceSeconds = (performance.now() - startedAt) / 1000;
    if (!stdout.trimEnd().split('\n').at(-1)?.startsWith('Paged core-infra')) throw new Error(stdout);
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
