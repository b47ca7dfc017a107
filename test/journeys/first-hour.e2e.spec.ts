import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { childEnvironment, endLeftovers, root, type StackInfo } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { NpmStart } from '../harness/npm-start.ts';

/* Pastes the shell blocks of README and the how-to pages unchanged into a shell beside `npm start`. */
const name = 'journey-first-hour';
const patience = { withinMs: 60_000 };
const hasKcat = spawnSync('kcat', ['-V']).status === 0;
const start = new NpmStart(name);
let info: StackInfo;

/** Returns the shell blocks of a document or one of its sections, with the ports of this stack. */
function blocksOf(document: string, section = ''): string[] {
  const text = readFileSync(join(root, document), 'utf8');
  const part = section === '' ? text : (text.split(`\n## ${section}\n`)[1]?.split('\n## ')[0] ?? '');
  return [...part.matchAll(/```sh\n([\s\S]*?)```/g)].map(([, block]) => here(String(block)));
}

function here(block: string): string {
  const { connectionManagement, handleSync, pageRouting } = info.services;
  const places: readonly (readonly [string, string])[] = [
    ['http://127.0.0.1:8081', connectionManagement],
    ['http://127.0.0.1:8082', handleSync],
    ['http://127.0.0.1:8083', pageRouting],
    ['http://127.0.0.1:8085', new URL(info.destinations[0]?.controlUrl ?? '').origin],
    ['127.0.0.1:9092', info.brokers],
    ['.local/stack.env', `.local/${name}/stack.env`],
    ['.local/start/', `.local/${name}/`],
    ['npm run -s token --', `npm run -s token -- --name ${name}`],
  ];
  const text = places.reduce((moved, [from, to]) => moved.replaceAll(from, to), block);
  return hasKcat ? text : text.replaceAll(/^kcat .*$/gm, '');
}

/** Returns the README's line that sets TOKEN, which all later blocks use in the same shell. */
const token = () =>
  blocksOf('README.md', 'The first hour')
    .join('\n')
    .match(/^.* TOKEN=.*$/m)?.[0] ?? '';

/** Runs lines in a shell in this folder; an HTTP status of 400 or more counts as a failure. */
function paste(...lines: readonly string[]): string {
  const strict = 'curl() { command curl --fail-with-body "$@"; }';
  const { status, stdout, stderr } = spawnSync('bash', ['-euo', 'pipefail', '-c', [strict, ...lines].join('\n')], {
    cwd: root,
    encoding: 'utf8',
    timeout: 60_000,
    env: {
      ...childEnvironment(),
      PATH: `${join(root, 'node_modules/.bin')}:${process.env.PATH}`,
      KAFKA_BROKERS: info.brokers,
    },
  });
  if (status !== 0) throw new Error(`${lines.join('\n')}\nended with ${status}: ${stdout}${stderr}`);
  return stdout;
}

const pasted = (what: string, condition: (output: string) => boolean, line: string) => {
  let last = '';
  return waitFor(
    what,
    () => {
      last = paste(line);
      return condition(last);
    },
    { ...patience, lastSeen: () => last },
  );
};

beforeAll(async () => {
  info = await start.start();
}, 120_000);
afterAll(async () => {
  await start.kill();
  endLeftovers();
});

describe('the first hour', () => {
  it('works as in the README: a connection, its handles, an alert, its page, its recovery, an explanation', async () => {
    const [, connection = '', handles = '', alert = '', page = '', recovery = '', explain = ''] = blocksOf(
      'README.md',
      'The first hour',
    );
    expect(JSON.parse(paste(connection))).toMatchObject({ slug: 'globex-eu', status: 'active' });
    await pasted('the handles', (output) => output.includes('@oncall-core-infra'), `${token()}\n${handles}`);
    expect(paste(alert)).toMatch(/^triggered published to paging\.alerts\.v1, partition \d+, key acme-us\/monitor-1,/);
    const see = `${token()}\n${page}`;
    await pasted('the page', (output) => output.includes('"status": "triggered"'), see);
    paste(token(), recovery);
    await pasted('its end', (output) => output.includes('"status": "resolved"'), see);
    expect(paste(token(), explain)).toContain('@oncall-core-infra');
  });

  it('refuses to send an invalid alert, and names the field', () => {
    expect(paste("npm run -s alert -- --transition resolved 'text' 2>&1 || echo with $?")).toMatch(
      /^nothing is sent: data\.transition must be one of triggered, .*\nwith 2\n$/,
    );
  });

  it('makes a dead letter for practice, as in the runbook', async () => {
    const [recipe = ''] = blocksOf('docs/runbooks/replay-dead-letters.md');
    paste(recipe);
    await pasted(
      'the dead letter',
      (output) => output.includes('rejected'),
      'npm run -s dead-letters -- list --topic page-commands',
    );
  });

  it('continues with a fallback handle, and a backup that is paged', async () => {
    paste(...blocksOf('docs/how-to/unknown-handles.md'));
    expect(paste(...blocksOf('docs/how-to/name-a-backup.md'))).toContain('failover-from:globex-eu');
  });

  it('creates, uses and revokes an API token', () => {
    const [make = '', use = '', revoke = ''] = blocksOf('docs/how-to/api-tokens.md');
    const untilAccepted = `until ${use.trim()} > /dev/null; do sleep 0.2; done`;
    expect(paste(make, untilAccepted, revoke)).toMatch(/"name":"terraform",.*"status":"active"/);
  });

  it('continues with a connection that is rotated, checked, disabled, enabled and removed', () => {
    const audit = paste(...blocksOf('docs/how-to/change-a-connection.md'));
    expect(audit).toMatch(/removed|deleted/);
  });

  it('ends with Ctrl-C, which leaves nothing running', async () => {
    expect(await start.ctrlC()).toEqual({ code: 130, left: [] });
  });
});
