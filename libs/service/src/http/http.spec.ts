import 'reflect-metadata';
import { once } from 'node:events';
import { type IncomingMessage, request } from 'node:http';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post, Put } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { Authenticator } from '@pagebridge/access';
import { configWithoutKafka } from '@pagebridge/testing';
import { IsString, Length } from 'class-validator';
import { Public, Requires } from '../access/requires.decorator.ts';
import { ApiProblems } from '../problems/documented-problems.ts';
import { listProblems, Problem } from '../problems/problem.ts';
import { ServiceModule } from '../service.module.ts';
import { createApp } from '../start-service.ts';
import { AUTHENTICATOR } from '../tokens.ts';
import { LargeBody } from './bodies.ts';

const problems = listProblems({ 'name-taken': [409, 'Name taken'] });

class NewThing {
  @IsString()
  @Length(1, 5, { context: { cure: 'Shorten it.' } })
  name!: string;
}

@Controller('things')
class ThingsController {
  @Public()
  @Post()
  create(@Body() body: NewThing): object {
    return body;
  }

  @Requires('connections:write', 'none')
  @LargeBody()
  @Put('large/:id')
  replace(@Param('id') id: string, @Body() body: object): object {
    return { id, characters: JSON.stringify(body).length };
  }

  @Public()
  @ApiProblems(problems['name-taken'])
  @Get('taken')
  taken(): never {
    throw new Problem({ ...problems['name-taken'], detail: 'It is taken.' }, { checks: [], retryAfterMs: 1500 });
  }

  @Public()
  @Get('broken')
  broken(): never {
    throw new Error('secret detail');
  }
}

@Module({
  imports: [ServiceModule.forRoot({ name: 'things', config: configWithoutKafka })],
  controllers: [ThingsController],
})
class ThingsModule {}

let app: NestExpressApplication;
let url: string;

beforeAll(async () => {
  app = await createApp(ThingsModule, { title: 'Things', description: 'Things.' });
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});

afterAll(() => app.close());

const post = (body: string, type = 'application/json') =>
  fetch(`${url}/things`, { method: 'POST', headers: { 'content-type': type }, body });

async function problemOf(response: Response): Promise<Record<string, unknown>> {
  expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
  return (await response.json()) as Record<string, unknown>;
}

describe('a bad request', () => {
  it.each([
    ['a wrong type', '{"name":7}', 400, 'name', undefined],
    ['a value too long', '{"name":"abcdef"}', 400, 'name', 'Shorten it.'],
    ['an unknown field', '{"name":"a","size":1}', 400, 'size', 'Remove size.'],
  ])('with %s gets the name of the field and the cure', async (_what, body, status, field, cure) => {
    const problem = await problemOf(await post(body));
    expect(problem).toMatchObject({ status, code: 'invalid-request', instance: '/things' });
    const errors = problem.errors as { field: string; cure?: string }[];
    expect(errors.map((error) => error.field)).toContain(field);
    if (cure) expect(errors.map((error) => error.cure)).toContain(cure);
  });

  it('gets one error for each field, even if the field breaks several rules', async () => {
    const { errors } = await problemOf(await post('{"name":7}'));
    expect(errors).toEqual([expect.objectContaining({ field: 'name' })]);
  });

  it('gets an error that names a missing field and its rule', async () => {
    const { errors, detail } = await problemOf(await post('{}'));
    expect(errors).toEqual([
      expect.objectContaining({ field: 'name', message: expect.stringMatching(/^name is missing; name must/) }),
    ]);
    expect(detail).toMatch(/^name is missing/);
    expect((await problemOf(await post('{"name":null}'))).detail).not.toContain('missing');
  });

  it('gets an answer that never repeats a refused value', async () => {
    expect(await (await post('{"name":"sesame-open"}')).text()).not.toContain('sesame');
  });

  it.each([
    ['malformed JSON', '{"name":', 'application/json', 400, 'bad-request'],
    ['a body over 64 KiB', JSON.stringify({ name: 'a'.repeat(65_536) }), 'application/json', 413, 'body-too-large'],
    ['another content type', 'name=a', 'application/x-www-form-urlencoded', 415, 'unsupported-media-type'],
  ])('with %s is answered as problem+json', async (_what, body, type, status, code) => {
    const response = await post(body, type);
    expect(response.status).toBe(status);
    expect(await problemOf(response)).toMatchObject({ status, code, requestId: expect.stringMatching(/^[\w-]{36}$/) });
  });

  it.each(['"sesame"', '{"name":sesame}', '{"name":"sesame"'])(
    'gets an answer that never repeats text that is not valid JSON: %s',
    async (body) => {
      const response = await post(body);
      expect(response.status).toBe(400);
      expect(await response.text()).not.toContain('sesame');
    },
  );

  it.each([
    ['nested 3,000 objects deep', `${'{"a":'.repeat(3000)}1${'}'.repeat(3000)}`, 'levels'],
    ['nested 3,000 lists deep', `${'['.repeat(3000)}${']'.repeat(3000)}`, 'levels'],
    ['of 5,000 fields', JSON.stringify(Object.fromEntries(Array.from({ length: 5000 }, (_, i) => [i, 1]))), 'fields'],
    ['of 25,000 values', JSON.stringify({ name: Array(25_000).fill(1) }), 'values'],
  ])('%s is refused with a cure before it is validated', async (_what, body, bound) => {
    const problem = await problemOf(await post(body));
    expect(problem).toMatchObject({ status: 400, code: 'invalid-request' });
    expect(problem.errors).toEqual([
      { field: 'body', message: expect.stringContaining(bound), cure: expect.any(String) },
    ]);
  });

  it('to an unknown route is answered as problem+json', async () => {
    const response = await fetch(`${url}/nothing`);
    expect(await problemOf(response)).toMatchObject({ status: 404, code: 'not-found' });
    expect(response.headers.get('allow')).toBeNull();
  });

  it.each(['/nothing', '/things'])(
    'to %s gets an answer without its query string, which may hold a token',
    async (path) => {
      expect(await (await fetch(`${url}${path}?access_token=sesame`)).text()).not.toContain('sesame');
    },
  );

  it.each([
    ['DELETE', '/things', 'POST'],
    ['POST', '/things/taken', 'GET, HEAD'],
  ])('with an unsupported method, %s %s, gets the supported methods', async (method, path, allow) => {
    const response = await fetch(url + path, { method });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe(allow);
    expect(await problemOf(response)).toMatchObject({ status: 405, code: 'method-not-allowed' });
  });
});

describe('the size of a body', () => {
  const put = (characters: number) =>
    fetch(`${url}/things/large/7`, {
      method: 'PUT',
      headers: { 'content-type': 'application/json' },
      body: `{"name":"${'a'.repeat(characters - 11)}"}`,
    });

  it('may be 64 KiB, and a larger body gets an error that names this bound', async () => {
    const bodyOf = (characters: number) => `{"name":"${'a'.repeat(characters - 11)}"}`;
    expect((await post(bodyOf(65_536))).status).toBe(400);
    expect(await problemOf(await post(bodyOf(65_537)))).toMatchObject({
      status: 413,
      detail: expect.stringContaining('64 KiB'),
      errors: [{ field: 'body', cure: 'Send at most 64 KiB.' }],
    });
  });

  it('may be 1 MiB, and no more, if the route declares it', async () => {
    expect(await (await put(1_048_576)).json()).toEqual({ id: '7', characters: 1_048_576 });
    expect(await problemOf(await put(1_048_577))).toMatchObject({
      status: 413,
      errors: [{ field: 'body', cure: 'Send at most 1024 KiB.' }],
    });
  });
});

describe('the body of a GET request', () => {
  it('is not parsed', async () => {
    const headers = { 'content-type': 'application/json', 'content-length': 5 };
    const sent = request(`${url}/things/taken`, { method: 'GET', headers }).end('{"a":');
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    expect(response.statusCode).toBe(409);
  });
});

describe('a request that is never completed', () => {
  it('times out', () => {
    expect(app.getHttpServer()).toMatchObject({ headersTimeout: 10_000, requestTimeout: 30_000 });
  });
});

describe('an idle connection', () => {
  it('is kept for longer than load balancers keep it', async () => {
    expect((await fetch(`${url}/things/taken`)).headers.get('keep-alive')).toBe('timeout=65');
  });
});

describe('an answer', () => {
  it.each([
    ['with a value', () => post('{"name":"a"}')],
    ['of a problem', () => post('{}')],
    ['of a body that is too large', () => post(`{"name":"${'a'.repeat(70_000)}"}`)],
    ['of a body that is not JSON', () => post('name=a', 'text/plain')],
    ['from an unknown route', () => fetch(`${url}/nothing`)],
    ['with the OpenAPI document', () => fetch(`${url}/openapi.json`)],
  ])('%s must not be stored by caches or shown in frames', async (_what, send) => {
    const { headers } = await send();
    expect(Object.fromEntries(headers)).toMatchObject({
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': expect.stringContaining("frame-ancestors 'self'"),
      'strict-transport-security': expect.stringContaining('max-age='),
    });
    expect(headers.get('x-powered-by')).toBeNull();
  });

  it('carries the extra members of a Problem, and Retry-After', async () => {
    const response = await fetch(`${url}/things/taken`);
    expect(response.headers.get('retry-after')).toBe('2');
    expect(await problemOf(response)).toMatchObject({
      type: 'urn:pagebridge:problem:name-taken',
      status: 409,
      checks: [],
    });
  });

  it('hides the details of an unexpected error, and names the id of the request', async () => {
    const response = await fetch(`${url}/things/broken`, { headers: { 'x-request-id': 'req-1' } });
    const text = JSON.stringify(await problemOf(response));
    expect(response.status).toBe(500);
    expect(text).not.toContain('secret detail');
    expect(text).toContain('"requestId":"caller:req-1"');
  });

  it('marks the id that a caller gave to its request, and replaces one that is too long or has other characters', async () => {
    const idOf = async (id: string) => {
      const response = await fetch(`${url}/things/broken`, { headers: { 'x-request-id': id } });
      return (await problemOf(response)).requestId;
    };
    expect(await idOf('x'.repeat(100))).toBe(`caller:${'x'.repeat(100)}`);
    for (const id of ['x'.repeat(101), 'caller:1', 'a b']) expect(await idOf(id)).toMatch(/^[0-9a-f-]{36}$/);
  });
});

interface Coded {
  readonly properties: { readonly code: { readonly enum: readonly string[] } };
}
interface OpenApi {
  readonly components: { readonly schemas: { readonly ProblemAnswer: Coded } };
  readonly paths: Record<string, Record<string, { readonly responses: Record<string, DocumentedProblem> }>>;
}
interface DocumentedProblem {
  readonly content: { readonly 'application/problem+json': { readonly schema: { readonly allOf: [object, Coded] } } };
}

describe('the OpenAPI document', () => {
  it('is served without a token, and lists only the routes for callers', async () => {
    const refusal = { reason: 'no-token', detail: 'Send one.' } as const;
    const authenticate = jest.spyOn(app.get<Authenticator>(AUTHENTICATOR), 'authenticate');
    authenticate.mockResolvedValue({ refusal });
    const refused = await fetch(`${url}/things/large/7`, { method: 'PUT' });
    const document = await fetch(`${url}/openapi.json`);
    authenticate.mockRestore();
    expect(refused.status).toBe(401);
    const { paths } = (await document.json()) as { paths: object };
    const things = ['/things', '/things/broken', '/things/large/{id}', '/things/taken'];
    expect(Object.keys(paths).toSorted()).toEqual([...things, '/v1/me']);
  });

  it('names for a route without permissions only the refusals of a token', async () => {
    const document = await fetch(`${url}/openapi.json`);
    const { paths } = (await document.json()) as { paths: Record<string, { get: { responses: object } }> };
    expect(Object.keys(paths['/v1/me']?.get.responses ?? {})).toEqual(['200', '400', '401', '500', '503']);
  });

  it('names the codes of each status of a route: its own, and those of guard, pipe and filter', async () => {
    const { paths, components } = (await (await fetch(`${url}/openapi.json`)).json()) as OpenApi;
    const codesOf = (path: string, method: string) =>
      Object.fromEntries(
        Object.entries(paths[path]?.[method]?.responses ?? {})
          .filter(([status]) => Number(status) >= 400)
          .map(([status, its]) => [
            status,
            its.content['application/problem+json'].schema.allOf[1].properties.code.enum,
          ]),
      );
    const every = { 400: ['bad-request', 'invalid-request'], 500: ['internal-error'] };
    expect(codesOf('/things/taken', 'get')).toEqual({ ...every, 409: ['name-taken'] });
    expect(codesOf('/things/large/{id}', 'put')).toEqual({
      ...every,
      401: expect.arrayContaining(['no-token', 'expired']),
      403: ['missing-permission'],
      413: ['body-too-large'],
      415: ['unsupported-media-type'],
      503: expect.arrayContaining(['issuer-unreachable']),
    });
    const { ProblemAnswer } = components.schemas;
    expect(ProblemAnswer.properties.code.enum).toEqual(
      expect.arrayContaining(['name-taken', 'no-token', 'method-not-allowed', 'body-too-large']),
    );
  });
});
