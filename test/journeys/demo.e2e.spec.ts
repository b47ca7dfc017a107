import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { childEnvironment, localFolder, root } from '@pagebridge/local-stack';

/** Runs the demo without a terminal. */
async function runDemo() {
  const demo = spawn(process.execPath, [join(root, 'deploy/local/demo.ts')], { env: childEnvironment() });
  let stdout = '';
  let progress = '';
  demo.stderr.on('data', (bytes) => {
    progress += bytes;
  });
  demo.stdout.on('data', (bytes) => {
    stdout += bytes;
  });
  const [code] = (await once(demo, 'close')) as [number | null];
  return { code, stdout, progress };
}

const leftRunning = () => {
  const run = join(localFolder, 'demo', 'run');
  return existsSync(run) ? readdirSync(run) : [];
};

describe('npm run demo', () => {
  it('prints every step with topic, partition, offset and page, then a summary, and leaves nothing running', async () => {
    const { code, stdout, progress } = await runDemo();
    expect({ code, progress }).toMatchObject({ code: 0 });
    expect(stdout.match(/^✓ +\d+ /gm)).toHaveLength(13);
    expect(stdout).toMatch(/ connection-management +GET …\/acme-us\/connections +404 for bea\n/);
    expect(stdout).toMatch(
      / \d+ ms +page-routing +paging\.page-commands\.v1 \d+@\d+ +page [0-9a-f]+ to @oncall-core-infra/,
    );
    expect(stdout).toMatch(/globex-eu +page \S+ +triggered: high page for core-infra/);
    expect(stdout).toMatch(
      / globex-eu +page (\S+) +triggered: page (?!\1)\S+ is closed, so the trigger does not join it\n/,
    );
    expect(stdout).toMatch(/ page-delivery +process \d+ +killed with -9\n/);
    expect(stdout).toMatch(/ globex-eu +page \S+ +created by the second call, tagged possible-duplicate:true\n/);
    expect(stdout).toMatch(/^✓ 13 .* [1-9]\d* ms {2}Paged search /m);
    expect(stdout).not.toContain('\u001b[');
    expect(leftRunning()).toEqual([]);
  });
});
