import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Controller, Get, Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Identity, Permission } from '@pagebridge/access';
import { createApp, type IdentifiedRequest, Public, ServiceModule } from '@pagebridge/service';
import { configWithoutKafka } from '@pagebridge/testing';
import type { Caller } from '../domain/audit.ts';
import { CallerOf } from './caller.decorator.ts';

const identity = (...held: Permission[]): Identity => ({
  issuer: 'https://issuer.test',
  subject: 'console',
  grants: [{ sourceOrg: 'acme-us', permissions: new Set(held) }],
});
let asking: Identity | undefined;
let org = 'acme-us';

@Controller('caller')
class CallerController {
  // The test sets the identity of the caller below, as the guard does.
  @Public()
  @Get()
  caller(@CallerOf() caller: Caller): Caller {
    return caller;
  }
}

@Module({
  imports: [ServiceModule.forRoot({ name: 'callers', config: configWithoutKafka })],
  controllers: [CallerController],
})
class CallersModule {}

let app: NestExpressApplication;
beforeAll(async () => {
  app = await createApp(CallersModule);
  app.useLogger(false);
  app.use((request: IdentifiedRequest, _response: unknown, next: () => void) => {
    Object.assign(request, { identity: asking, sourceOrg: org });
    next();
  });
  await app.listen(0, '127.0.0.1');
});
afterAll(() => app.close());

async function ask(by: Identity | undefined, headers: Record<string, string> = {}, inOrg = 'acme-us') {
  [asking, org] = [by, inOrg];
  const response = await fetch(`${await app.getUrl()}/caller`, { headers: { 'x-request-id': 'req-1', ...headers } });
  return { status: response.status, body: await response.json() };
}

describe('the caller of a request', () => {
  it('is the identity of the request, on behalf of nobody', async () => {
    const body = { actor: 'https://issuer.test#console', onBehalfOf: null, requestId: 'caller:req-1' };
    expect(await ask(identity('audit:on-behalf'))).toEqual({ status: 200, body });
    expect(await ask(identity())).toEqual({ status: 200, body });
  });

  it('may name on whose behalf it acts, with the permission in that org', async () => {
    const header = { 'x-actor': 'ada@example.com' };
    expect((await ask(identity('audit:on-behalf'), header)).body).toMatchObject({
      actor: 'https://issuer.test#console',
      onBehalfOf: 'ada@example.com',
    });
    for (const [by, inOrg] of [
      [identity('connections:write'), 'acme-us'],
      [identity('audit:on-behalf'), 'globex'],
    ] as const) {
      expect(await ask(by, header, inOrg)).toMatchObject({
        status: 403,
        body: { code: 'missing-permission', permission: 'audit:on-behalf' },
      });
    }
  });

  it('must be known', async () => {
    expect((await ask(undefined)).status).toBe(500);
  });
});
