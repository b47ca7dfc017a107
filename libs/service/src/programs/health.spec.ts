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
  it('prints what the service says of itself, and ends with 1 while that is not ready', async () => {
    const said = { status: 'failing', checks: { kafka: { ok: false, detail: 'no broker answers' } } };
    const server = createServer((request, response) => {
      response.writeHead(request.url === '/health/ready' ? 503 : 404).end(JSON.stringify(said));
    });
    await once(server.listen(0, '::1'), 'listening');
    const { port } = server.address() as AddressInfo;
    const env = { MANAGEMENT_HOST: '::1', MANAGEMENT_PORT: String(port) };
    const { code, stdout } = await run(env);
    server.close();
    expect({ code, said: JSON.parse(stdout) }).toEqual({ code: 1, said });

    const away = await run(env);
    expect(away.code).toBe(1);
    expect(away.stderr).toContain(`http://[::1]:${port}/health/ready does not answer`);
  });

  it('wants to know where the service answers', async () => {
    expect(await run({})).toMatchObject({ code: 2, stderr: expect.stringContaining('MANAGEMENT_PORT is not set') });
  });
});
