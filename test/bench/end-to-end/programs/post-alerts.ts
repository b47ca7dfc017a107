import { Pool } from 'undici';
import { type Pace, paced } from '../../page-path/paced.ts';

/** The alerts to post to an Alertmanager, each a new one. */
export interface PostInput extends Pace {
  readonly url: string;
  /** The prefix of the names of the alerts; a number follows. */
  readonly monitor: string;
}

const words = 'Memory of the backend services has been above ninety per cent for ten minutes. Runbook: see the wiki. ';
const [, , text = ''] = process.argv;
const { url, monitor, ...pace }: PostInput = JSON.parse(text);
const pool = new Pool(url, { connections: 8 });

// The batch size of Prometheus, with several calls in parallel.
const atOnce = 64;
const sent = await paced(pace, async (due, atMs) => {
  const parts = Array.from({ length: Math.ceil(due.length / atOnce) }, (_, part) =>
    due.slice(part * atOnce, (part + 1) * atOnce),
  );
  await Promise.all(parts.map((part) => post(part.map((number) => alert(number, atMs)))));
});
await pool.close();
process.stdout.write(`${JSON.stringify(sent)}\n`);

function alert(number: number, atMs: number) {
  return {
    labels: {
      alertname: 'HighMemory',
      org: 'acme',
      host: `${monitor}-${number}:host:backend`,
      severity: 'critical',
      team: 'core',
    },
    annotations: { summary: `High memory usage sent=${atMs.toFixed(3)}`, description: `${words}@oncall-core` },
    startsAt: new Date(atMs).toISOString(),
    generatorURL: 'http://monitors.bench.example/graph?g0.expr=memory',
  };
}

async function post(alerts: readonly object[]): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { statusCode, body } = await pool.request({
    method: 'POST',
    path: '/api/v2/alerts',
    headers,
    body: JSON.stringify(alerts),
  });
  const said = await body.text();
  if (statusCode !== 200) throw new Error(`Alertmanager answered ${statusCode}: ${said}`);
}
