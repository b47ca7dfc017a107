import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { describe, expect, it } from '@jest/globals';
import { configWithoutKafka } from '@pagebridge/testing';

/** Runs a service with the provider `Table`, whose class is `source`, to its end. */
async function run(source: string, variables: object = {}, environment: Readonly<Record<string, string>> = {}) {
  const program = `
    import { HttpAdapterHost } from '@nestjs/core';
    import { KafkaError } from '@pagebridge/kafka';
    import { Registry } from 'prom-client';
    import { ConfigError, ServiceModule, Startup, startService } from '@pagebridge/service';
    ${source}
    const module = class {};
    const config = ${JSON.stringify({ ...configWithoutKafka, STOP_TIMEOUT_MS: 20_000, ...variables })};
    const providers = [{ provide: Table, inject: [Startup, HttpAdapterHost, Registry], useFactory: (...args) => new Table(...args) }];
    const imports = [ServiceModule.forRoot({ name: 'spec', config })];
    await startService({ name: 'spec', loadConfig: () => config, module: () => ({ module, imports, providers }) });`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    cwd: import.meta.dirname,
    env: { ...process.env, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { code, stdout, stderr };
}

describe('a service', () => {
  it('that is stopped during its start shuts down to the end, with exit code 0', async () => {
    // As in production, the shutdown makes the reading fail before the shutdown has ended.
    const end = await run(`
      class Table {
        constructor(startup) {
          startup.before('reading', () => new Promise((_, reject) => {
            this.fail = reject;
            process.kill(process.pid, 'SIGTERM');
          }));
        }
        async onApplicationShutdown() {
          this.fail(new Error('stopped before it had caught up'));
          for (let turn = 0; turn < 100; turn += 1) await new Promise((resolve) => setImmediate(resolve));
          process.stdout.write('shut down');
        }
      }`);
    expect(end).toEqual({ code: 0, stdout: 'shut down', stderr: '' });
  });

  it('goes on after its readiness, whatever Kafka refuses, and shows that it reads no records', async () => {
    const end = await run(`
      class Table {
        constructor(startup, _http, registry) {
          let attempts = 0;
          startup.after('looking', async () => {
            attempts += 1;
            if (attempts < 2) throw new KafkaError('KAFKA.SECURITY', true, 'the certificate has expired');
            process.stdout.write(await registry.metrics());
            process.kill(process.pid, 'SIGTERM');
            await new Promise(() => undefined);
          });
        }
      }`);
    expect(end).toMatchObject({ code: 0, stderr: '' });
    expect(end.stdout).toMatch(/pagebridge_consumer_ready\{.*\} 0\n/);
  });

  it('with HOST :: answers IPv4, and IPv6 where there is IPv6', async () => {
    const isThere = Object.values(networkInterfaces())
      .flat()
      .some((address) => address?.address === '::1');
    const addresses = isThere ? ['127.0.0.1', '[::1]'] : ['127.0.0.1'];
    const source = `
      class Table {
        constructor(startup, { httpAdapter }) {
          startup.before('calling itself', async () => {
            const { port } = httpAdapter.getHttpServer().address();
            for (const address of ${JSON.stringify(addresses)}) await fetch('http://' + address + ':' + port);
            process.stdout.write('called');
            process.kill(process.pid, 'SIGTERM');
          });
        }
      }`;
    const end = await run(source, { HOST: '::', ACCESS_OFF_IS_INTENDED: 'true' });
    expect(end).toMatchObject({ code: 0, stdout: expect.stringContaining('called'), stderr: '' });
  });
  it('that is given something else than a proxy ends with a sentence that names the variable, and does not show its value', async () => {
    const { code, stderr } = await run('class Table {}', {}, { https_proxy: 'socks5://user:s3cret@proxy:1080' });
    expect(JSON.parse(stderr)).toMatchObject({
      level: 'fatal',
      message:
        'bad configuration: https_proxy must be http:// or https://, host and port of a proxy: http://proxy:3128',
    });
    expect(stderr).not.toMatch(/s3cret|stack/);
    expect(code).toBe(1);
  });

  const failing = (error: string) => `
    class Table {
      constructor(startup) {
        startup.before('reading', async () => { throw ${error}; });
      }
    }`;

  it.each([
    "new RangeError('a bug')",
    "new ReferenceError('a bug')",
    "Object.assign(new Error('a bug'), { name: 'Own' })",
  ])('that ends with an unforeseen error logs its stack: %s', async (error) => {
    const { code, stderr } = await run(failing(error));
    const logged = { message: 'a bug', stack: expect.stringContaining('a bug\n    at ') };
    expect(JSON.parse(stderr)).toMatchObject({ version: expect.any(String), message: 'a bug', error: logged });
    expect(code).toBe(1);
  });

  it.each([
    "new ConfigError('why')",
    "new KafkaError('KAFKA.SECURITY', true, 'why')",
    "Object.assign(new Error('why'), { name: 'DatabaseError' })",
  ])('that ends with a known cause logs no stack: %s', async (error) => {
    const { code, stderr } = await run(failing(error));
    expect(JSON.parse(stderr)).toMatchObject({ level: 'fatal', message: 'why' });
    expect(stderr).not.toContain('stack');
    expect(code).toBe(1);
  });
});
