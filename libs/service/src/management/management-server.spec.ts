import 'reflect-metadata';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Controller, Get, Injectable, Module, type OnApplicationShutdown } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { configWithoutKafka } from '@pagebridge/testing';
import type { Log } from '@pagebridge/vocabulary';
import { Public } from '../access/requires.decorator.ts';
import { Health } from '../health.ts';
import { ServiceModule } from '../service.module.ts';
import { createApp } from '../start-service.ts';
import { LOG } from '../tokens.ts';
import { ManagementServer } from './management-server.ts';

@Controller('things')
class ThingsController {
  @Public()
  @Get()
  list(): object {
    return [];
  }
}

/** Calls the ready probe while the service shuts down. */
@Injectable()
class LateProbe implements OnApplicationShutdown {
  answer: Promise<unknown> | undefined;

  async onApplicationShutdown(): Promise<void> {
    this.answer = fetch(`${management}/health/ready`).then((response) => response.json());
    await this.answer;
  }
}

@Module({
  imports: [ServiceModule.forRoot({ name: 'things', config: configWithoutKafka })],
  controllers: [ThingsController],
  providers: [LateProbe],
})
class ThingsModule {}

let app: NestExpressApplication;
let url: string;
let management: string;

beforeAll(async () => {
  app = await createApp(ThingsModule);
  app.useLogger(false);
  management = await app.get(ManagementServer).listen(0, '127.0.0.1');
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(() => app.close());

describe('the management port', () => {
  it('is ready only if every check passes, and names the failing check', async () => {
    const health = app.get(Health);
    const ready = async () =>
      /^pagebridge_ready\{.*\} (\d)$/m.exec(await (await fetch(`${management}/metrics`)).text())?.[1];
    expect((await fetch(`${management}/health/ready`)).status).toBe(200);
    expect(await ready()).toBe('1');
    health.watch('table', { health: () => ({ live: true, ready: false, detail: 'reading' }) });
    const response = await fetch(`${management}/health/ready`);
    expect(response.status).toBe(503);
    expect(await ready()).toBe('0');
    expect(await response.json()).toEqual({ status: 'failing', checks: { table: { ok: false, detail: 'reading' } } });
    expect((await fetch(`${management}/health/live?probe`)).status).toBe(200);
  });

  it('distinguishes between a service that has started and one that is ready now', async () => {
    const health = app.get(Health);
    const status = async (probe: string) => (await fetch(`${management}/health/${probe}`)).status;
    for (const started of [false, true]) {
      health.watch('start', { health: () => ({ started, ready: true, detail: '' }) });
      expect([await status('started'), await status('live')]).toEqual([started ? 200 : 503, 200]);
    }
    health.watch('start', { health: () => ({ started: true, ready: false, detail: '' }) });
    expect([await status('started'), await status('ready')]).toEqual([200, 503]);
    health.watch('start', { health: () => ({ detail: '' }) });
  });

  it('shows a part that the service works without, whether it is ready or not', async () => {
    app.get(Health).show('extra', { health: () => ({ ready: false, detail: 'reading' }) });
    for (const probe of ['started', 'live', 'ready']) {
      const { checks } = (await (await fetch(`${management}/health/${probe}`)).json()) as { checks: object };
      expect(checks).toMatchObject({ extra: { ok: true, detail: 'reading' } });
    }
  });

  it('serves metrics in the Prometheus format, with the name of the service', async () => {
    const response = await fetch(`${management}/metrics`);
    expect(response.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(await response.text()).toContain('service="things"');
  });

  it.each([
    ['GET', '/', 404],
    ['GET', '/things', 404],
    ['GET', '/constructor', 404],
    ['POST', '/metrics', 405],
    ['DELETE', '/health/live', 405],
  ])('answers %s %s with %d and the supported paths or methods', async (method, path, status) => {
    const response = await fetch(management + path, { method });
    expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(await response.json()).toMatchObject({
      status,
      detail: expect.stringMatching(/^This port serves |^Use GET or HEAD/),
    });
    expect(response.status).toBe(status);
  });

  it('answers HEAD without a body', async () => {
    const response = await fetch(`${management}/health/live`, { method: 'HEAD' });
    expect({ status: response.status, body: await response.text() }).toEqual({ status: 200, body: '' });
  });

  it('answers 500 if a check throws, logs the error, and keeps serving', async () => {
    const logged = jest.spyOn(app.get<Log>(LOG), 'error').mockImplementation(() => undefined);
    const health = () => {
      throw new Error('secret detail');
    };
    app.get(Health).watch('bomb', { health });
    const response = await fetch(`${management}/health/ready`);
    expect(logged).toHaveBeenCalledWith(
      expect.objectContaining({ error: new Error('secret detail') }),
      expect.anything(),
    );
    logged.mockRestore();
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain('secret detail');
    app.get(Health).watch('bomb', { health: () => ({}) });
    expect((await fetch(`${management}/health/live`)).status).toBe(200);
  });

  it('closes connections beyond its maximum', async () => {
    const { hostname, port } = new URL(management);
    const sockets = Array.from({ length: 120 }, () => connect(Number(port), hostname));
    const ends = sockets.map((socket: Socket) => once(socket, 'close'));
    for (const socket of sockets) socket.on('error', () => {}).resume();
    // The last of the 120 connections exceeds the maximum, so the server closes it.
    await ends.at(-1);
    for (const socket of sockets) socket.destroy();
    await Promise.all(ends);
    expect((await fetch(`${management}/health/live`)).status).toBe(200);
  });

  it.each(['/health/started', '/health/live', '/health/ready', '/metrics'])('alone answers %s', async (path) => {
    expect((await fetch(`${url}/things`)).status).toBe(200);
    expect((await fetch(url + path)).status).toBe(404);
  });

  it('answers until the end of a stop that the service is not ready', async () => {
    await app.close();
    const answer = await app.get(LateProbe).answer;
    expect(answer).toMatchObject({ status: 'failing', checks: { process: { ok: false, detail: 'stopping' } } });
    await expect(fetch(url)).rejects.toThrow();
    await expect(fetch(management)).rejects.toThrow();
  });
});
