import { setTimeout as sleep } from 'node:timers/promises';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import { Agent } from 'undici';
import { dialects } from '../../../harness/hostile-bodies/dialects.ts';
import { ordinaryBody, withToken } from '../../../harness/hostile-bodies/hostile-bodies.ts';
import type { UsualFigures, UsualLoad } from '../attacked.ts';

const load = JSON.parse(process.argv[2] ?? '{}') as UsualLoad;
const { origin } = new URL(load.url);
const agent = new Agent({ connections: 64 });
/** As long as a source waits that does not wait long. */
const patienceMs = 10_000;
const run = `${Date.now().toString(36)}-${process.pid}`;
const figures = Object.fromEntries(
  integrationKinds.map((kind) => [kind, { ms: [] as number[], refused: {} as Record<string, number> }]),
) as Record<IntegrationKind, { ms: number[]; refused: Record<string, number> }>;

async function send(kind: IntegrationKind, number: number, dueAt: number): Promise<void> {
  const { path, contentType } = dialects[kind];
  const token = load.tokens[kind];
  const headers = {
    'content-type': contentType,
    ...(kind === 'pagerduty' ? {} : { authorization: `Bearer ${token}` }),
  };
  const body = withToken(kind, ordinaryBody(kind, 0, `${run}-${number}`), token);
  const signal = AbortSignal.timeout(patienceMs);
  const status = await agent
    .request({ origin, path, method: 'POST', headers, body, signal })
    .then(async ({ statusCode, body: answer }) => {
      await answer.dump();
      return statusCode;
    })
    .catch(() => 0);
  const { ms, refused } = figures[kind];
  ms.push(performance.now() - dueAt);
  if (status !== 200 && status !== 202) refused[status] = (refused[status] ?? 0) + 1;
}

await sleep(Math.max(0, load.startAt - Date.now()));
const startedAt = performance.now();
const sends: Promise<void>[] = [];
const betweenMs = 1000 / load.perSecond / integrationKinds.length;
for (let sent = 0; sent < load.seconds * load.perSecond * integrationKinds.length; sent += 1) {
  const dueAt = startedAt + sent * betweenMs;
  const waitMs = dueAt - performance.now();
  if (waitMs > 0) await sleep(waitMs);
  sends.push(send(integrationKinds[sent % integrationKinds.length] as IntegrationKind, sent, dueAt));
}
await Promise.all(sends);
void agent.destroy();
process.stdout.write(`${JSON.stringify(figures satisfies Record<IntegrationKind, UsualFigures>)}\n`);
