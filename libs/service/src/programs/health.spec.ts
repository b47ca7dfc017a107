import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';

const program = join(import.meta.dirname, 'health.ts');

async function run(env: Record<string, string>) {
  const child = spawn(process.execPath, [program], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

describe('the program health', () => {
  it('prints the health of the service, and exits with 1 while the service is not ready or does not answer', async () => {
    const report = { status: 'failing', checks: { kafka: { ok: false, detail: 'no broker answers' } } };
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/health/ready' ? 503 : 404).end(JSON.stringify(report));
    });
    await once(server.listen(0, '::1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { MANAGEMENT_HOST: '::1', MANAGEMENT_PORT: String(port) };
    const { code, stdout } = await run(env);
    server.close();
    expect({ code, report: JSON.parse(stdout) }).toEqual({ code: 1, report });

    const unanswered = await run(env);
    expect(unanswered.code).toBe(1);
    expect(unanswered.stderr).toContain(`http://[::1]:${port}/health/ready does not answer`);
  });

  it('requires MANAGEMENT_PORT', async () => {
    expect(await run({})).toMatchObject({ code: 2, stderr: expect.stringContaining('MANAGEMENT_PORT is not set') });
  });
});
