import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TestIssuer } from '@pagebridge/testing';
import { Pool } from 'undici';
import type { Bench, Figures } from '../harness/bench.ts';
import { latencyFigures } from '../harness/statistics.ts';
import type { Testbed } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';
import { handleAt } from '../registry/world.ts';

const sourceOrg = 'acme-us';
const handles = 1000;
const query = `/v1/source-orgs/${sourceOrg}/handles?query=${handleAt(0, 7).slice(0, 4)}`;
// The only connection fails its first sync and is not retried, so that no sync disturbs the measurement.
const quiet = { SYNC_RETRY_SECONDS: '86400', SYNC_INTERVAL_SECONDS: '86400' };
const contender = 'a search';

/** Returns a policy and a token of a large company: a hundred rules, and a user in twenty groups. */
async function access(folder: string, issuer: TestIssuer) {
  const policy = JSON.parse(issuer.policy) as { readonly rules: readonly object[] };
  const teams = Array.from({ length: 100 }, (_, team) => ({
    claim: 'groups',
    value: `team-${team}`,
    role: 'viewer',
    sourceOrg: `org-${team}`,
  }));
  const file = join(folder, 'policy.json');
  writeFileSync(file, JSON.stringify({ ...policy, rules: [...teams, ...policy.rules] }));
  const groups = Array.from({ length: 19 }, (_, group) => `some-group-of-the-company-${group}`);
  return { file, token: () => issuer.tokenOf('vik', ...groups, `${sourceOrg}-viewer`) };
}

async function answerTime(pool: Pool, headers: Readonly<Record<string, string>>): Promise<number> {
  const startedAt = performance.now();
  const { statusCode, body } = await pool.request({ path: query, method: 'GET', headers });
  await body.dump();
  if (statusCode !== 200) throw new Error(`${query} answers ${statusCode}`);
  return performance.now() - startedAt;
}

/** Calls both in turn, so that other load of the machine affects both alike. */
async function compare(open: Pool, checked: Pool, token: string, count: number): Promise<Figures> {
  const headers = { authorization: `Bearer ${token}` };
  const unchecked: number[] = [];
  const withToken: number[] = [];
  for (let asked = 0; asked < count; asked++) {
    unchecked.push(await answerTime(open, {}));
    withToken.push(await answerTime(checked, headers));
  }
  const without = latencyFigures(unchecked);
  const withOne = latencyFigures(withToken);
  return {
    uncheckedP50Ms: without.p50Ms,
    checkedP50Ms: withOne.p50Ms,
    costP50Ms: withOne.p50Ms - without.p50Ms,
    uncheckedP99Ms: without.p99Ms,
    checkedP99Ms: withOne.p99Ms,
  };
}

async function prepared(testbed: Testbed) {
  const path = await PagePath.on(testbed, []);
  const teams = Array.from({ length: handles }, (_, index) => handleAt(0, index));
  const keys = { apiKey: 'bench-api-key', applicationKey: 'bench-application-key' };
  await path.connect([{ sourceOrg, dataCenter: 'NOWHERE', teams, ...keys }]);
  const issuer = await TestIssuer.start();
  const { file, token } = await access(testbed.folder.path, issuer);
  const start = async (name: string, env: Readonly<Record<string, string>>) => {
    const { spec } = await path.start('handle-sync', name, { ...quiet, ...env });
    return new Pool(`http://127.0.0.1:${spec.env?.PORT}`, { connections: 1, pipelining: 1 });
  };
  const open = await start('handle-sync-open', { ACCESS: 'off' });
  const checked = await start('handle-sync-checked', { ACCESS: 'on', ACCESS_POLICY_FILE: file });
  const measure = async () => compare(open, checked, await token(), testbed.quick ? 1000 : 5000);
  await testbed.progress.step('warming up', measure);
  const close = async () => {
    await Promise.all([open.close(), checked.close(), path.close(), issuer.close()]);
  };
  return { name: contender, measure, close };
}

export const accessCost: Bench = {
  rounds: 5,
  findings: [
    { name: 'what a token costs a search at p50, ms', figure: 'costP50Ms', of: contender, goal: { atMost: 0.3 } },
    { name: 'search p99 with a token, ms', figure: 'checkedP99Ms', of: contender, goal: { atMost: 10 } },
  ],
  prepare: async (testbed) => [await prepared(testbed)],
};
