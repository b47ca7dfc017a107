import { Pool } from 'undici';
import { nowMs } from '../../page-path/alerts.ts';
import type { RequestFigures, RequestLoad } from '../attacked.ts';

const load = JSON.parse(process.argv[2] ?? '{}') as RequestLoad;
const { origin, pathname } = new URL(load.url);
const pool = new Pool(origin, { connections: 64 });
const { teams = ['core-infra'] } = load;
const run = Date.now().toString(36);
let number = 0;

function body(): string {
  const now = new Date().toISOString();
  const alerts = Array.from({ length: load.alertsEach }, () => {
    number += 1;
    const id = `${run}-${process.pid}-${number}`;
    return {
      ...(load.form === 'webhook' ? { status: 'firing', endsAt: '0001-01-01T00:00:00Z', fingerprint: id } : {}),
      labels: { alertname: 'HighMemory', instance: id, cluster: 'eu1', severity: 'critical' },
      annotations: {
        summary: `High memory sent=${nowMs().toFixed(3)}`,
        description: `92 % for 10 m. @oncall-${teams[number % teams.length]}`,
      },
      startsAt: now,
      generatorURL: 'https://prom.example.com/graph?g0.expr=mem',
    };
  });
  return JSON.stringify(load.form === 'list' ? alerts : { version: '4', status: 'firing', alerts });
}

const ms: number[] = [];
let refused = 0;

async function send(dueAt: number): Promise<void> {
  const headers = {
    'content-type': 'application/json',
    ...(load.token ? { authorization: `Bearer ${load.token}` } : {}),
  };
  const { statusCode, body: answer } = await pool.request({ path: pathname, method: 'POST', headers, body: body() });
  await answer.dump();
  if (statusCode === 200) ms.push(performance.now() - dueAt);
  else refused += 1;
}

const startedAt = performance.now();
const until = startedAt + load.seconds * 1000;
if (load.perSecond === 0) {
  const one = async () => {
    while (performance.now() < until) await send(performance.now());
  };
  await Promise.all(Array.from({ length: 16 }, one));
} else {
  const sends: Promise<void>[] = [];
  for (let sent = 0; sent < load.seconds * load.perSecond; sent += 1) {
    const dueAt = startedAt + (sent * 1000) / load.perSecond;
    const waitMs = dueAt - performance.now();
    if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
    sends.push(send(dueAt));
  }
  await Promise.all(sends);
}
const seconds = (performance.now() - startedAt) / 1000;
await pool.close();
const figures: RequestFigures = {
  sent: ms.length,
  refused,
  alertsPerSecond: (ms.length * load.alertsEach) / seconds,
  ms,
};
process.stdout.write(`${JSON.stringify(figures)}\n`);
