import 'reflect-metadata';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Body, Controller, Get, Module, Param, Post } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { actorOf, type Identity, permissions, roles } from '@pagebridge/access';
import { configWithoutKafka, TestIssuer, waitFor } from '@pagebridge/testing';
import { IsString } from 'class-validator';
import { type CommonConfig, ConfigError } from '../config.ts';
import { OrgParam } from '../http/org-param.ts';
import { ManagementServer } from '../management/management-server.ts';
import { ServiceModule } from '../service.module.ts';
import { createApp } from '../start-service.ts';
import { Startup } from '../startup.ts';
import { IdentityOf } from './identity-of.decorator.ts';
import { Public, Requires } from './requires.decorator.ts';

class Question {
  @IsString()
  sourceOrg!: string;
}

const done: string[] = [];

/** Returns the source org in a body, as the function does that a real route passes to @Requires. */
function orgRead(body: unknown): unknown {
  const fields = Object(body);
  return 'specversion' in fields ? fields.data?.sourceOrg : fields.sourceOrg;
}

@Controller()
class RoutesController {
  @Public()
  @Get('open')
  open(): object {
    return {};
  }

  @Requires('connections:read')
  @Get('orgs/:org/things')
  read(@Param() { org }: OrgParam, @IdentityOf() identity: Identity): object {
    return { org, actor: actorOf(identity) };
  }

  @Requires('connections:write')
  @Post('orgs/:org/things')
  write(@Param() { org }: OrgParam): void {
    done.push(`write ${org}`);
  }

  @Requires(['connections:write', 'credentials:write'])
  @Post('orgs/:org/keys')
  writeKeys(@Param() { org }: OrgParam): void {
    done.push(`keys ${org}`);
  }

  @Requires('alerts:explain', orgRead)
  @Post('explain')
  explain(@Body() { sourceOrg }: Question): object {
    done.push(`explain ${sourceOrg}`);
    return {};
  }

  @Requires('dead-letters:replay', 'none')
  @Post('replays')
  replay(): void {
    done.push('replay');
  }
}

let folder: string;
let policyFile: string;
let issuer: TestIssuer;
let app: NestExpressApplication;
let url: string;
let management: string;

const startWith = (overrides: Partial<CommonConfig>, carriesPages = false): Promise<NestExpressApplication> => {
  @Module({
    imports: [ServiceModule.forRoot({ name: 'routes', config: { ...configWithoutKafka, ...overrides }, carriesPages })],
    controllers: [RoutesController],
  })
  class RoutesModule {}
  return createApp(RoutesModule);
};

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'access-'));
  policyFile = join(folder, 'policy.yaml');
  issuer = await TestIssuer.start();
  writeFileSync(policyFile, issuer.policy);
  app = await startWith({ ACCESS: 'on', ACCESS_POLICY_FILE: policyFile });
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  management = await app.get(ManagementServer).listen(0, '127.0.0.1');
});
afterAll(async () => {
  await app.close();
  await issuer.close();
  rmSync(folder, { recursive: true });
});

/** Sends `GET path`, or `POST path` if there is a body, and returns the answer. */
async function send(token: string | undefined, path: string, body?: object) {
  const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
  const post = body && { method: 'POST', body: JSON.stringify(body) };
  const headers = { 'content-type': 'application/json', ...authorization };
  const response = await fetch(`${url}/${path}`, { headers, ...post });
  const text = await response.text();
  const answer = text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
  return { ...answer, status: response.status, headers: response.headers };
}

const things = 'orgs/acme-us/things';
const tokens = {
  viewer: () => issuer.tokenOf('vik', 'acme-us-viewer'),
  editor: () => issuer.tokenOf('machine', 'acme-us-editor'),
  admin: () => issuer.tokenOf('ada', 'acme-us-admin'),
  foreign: () => issuer.tokenOf('bea', 'initech-us-admin'),
  operator: () => issuer.tokenOf('olga', 'operators'),
};
type Bearer = keyof typeof tokens;

describe('a route', () => {
  it('that is public needs no token', async () => {
    expect(await send(undefined, 'open')).toMatchObject({ status: 200 });
  });

  it('receives the identity of its caller', async () => {
    expect(await send(await tokens.viewer(), things)).toMatchObject({
      status: 200,
      org: 'acme-us',
      actor: `${issuer.url}#vik`,
    });
  });

  it.each<[Bearer, string, number]>([
    ['viewer', 'orgs/acme-us/things', 403],
    ['editor', 'orgs/acme-us/things', 201],
    ['editor', 'orgs/acme-us/keys', 403],
    ['admin', 'orgs/acme-us/keys', 201],
    ['admin', 'orgs/initech-us/keys', 404],
    ['foreign', 'orgs/acme-us/things', 404],
    ['operator', 'orgs/initech-us/keys', 201],
    ['viewer', 'explain', 201],
    ['foreign', 'explain', 404],
    ['admin', 'replays', 403],
    ['operator', 'replays', 201],
  ])('answers a bearer who is %s and posts to %s with %d', async (bearer, path, status) => {
    done.length = 0;
    const answer = await send(await tokens[bearer](), path, { sourceOrg: 'acme-us' });
    expect(answer).toMatchObject({ status });
    expect(done).toHaveLength(status === 201 ? 1 : 0);
  });

  it.each([
    ['an alert', { sourceOrg: 'acme-us', data: { sourceOrg: 'initech-us' } }],
    ['an event', { specversion: '1.0', sourceOrg: 'initech-us', data: { sourceOrg: 'acme-us' } }],
  ])('checks access to the source org that it reads when the body of %s names two', async (_what, body) => {
    expect(await send(await tokens.foreign(), 'explain', body)).toMatchObject({ status: 404 });
  });

  it('names the permission that is missing', async () => {
    expect(await send(await tokens.editor(), 'orgs/acme-us/keys', {})).toMatchObject({
      status: 403,
      code: 'missing-permission',
      permission: 'credentials:write',
    });
  });

  it('gives the same answer for a foreign org as for an org that does not exist', async () => {
    const [foreign, none] = await Promise.all(
      ['initech-us', 'nobody-us'].map(async (org) => send(await tokens.admin(), `orgs/${org}/things`)),
    );
    const textsOf = ({ detail, title, code }: Record<string, unknown>) => ({ detail, title, code });
    expect(textsOf(foreign ?? {})).toEqual(textsOf(none ?? {}));
  });
});

describe('GET /v1/me', () => {
  it.each<[string, () => Promise<string>, string, object[]]>([
    ['a viewer', tokens.viewer, 'vik', [{ sourceOrg: 'acme-us', permissions: roles.viewer }]],
    ['an operator', tokens.operator, 'olga', [{ sourceOrg: '*', permissions }]],
    ['one without any rights', () => issuer.tokenOf('ned', 'strangers'), 'ned', []],
    [
      'one with a role in two source orgs',
      () => issuer.tokenOf('ina', 'acme-us-viewer', 'initech-us-admin'),
      'ina',
      [
        { sourceOrg: 'acme-us', permissions: roles.viewer },
        { sourceOrg: 'initech-us', permissions: permissions.filter((one) => roles.admin.includes(one)) },
      ],
    ],
  ])('answers %s who it is and what it may do, also before the start is done', async (_who, token, subject, grants) => {
    expect(app.get(Startup).health().ready).toBe(false);
    const { headers, ...answer } = await send(await token(), 'v1/me');
    expect(answer).toEqual({ status: 200, issuer: issuer.url, subject, grants });
  });

  it('refuses a caller without a valid token', async () => {
    expect(await send(undefined, 'v1/me')).toMatchObject({ status: 401, code: 'no-token' });
  });
});

describe('the body of a caller without a valid token', () => {
  /** Begins a request with a body of this length on a connection of its own. */
  async function begin(bytes: number) {
    const socket = connect(Number(new URL(url).port), '127.0.0.1');
    let received = '';
    socket.on('data', (chunk) => {
      received += chunk;
    });
    // An end of the connection while the body is sent may appear as a reset.
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const heads = { post: 'POST /orgs/acme-us/things', type: 'content-type: application/json' };
    socket.write(`${heads.post} HTTP/1.1\r\nhost: x\r\n${heads.type}\r\ncontent-length: ${bytes}\r\n\r\n`);
    const answers = (count: number) =>
      waitFor(`${count} answers`, () => received.split('HTTP/1.1 ').length > count && received);
    return { socket, answers, closed };
  }

  it('is not awaited: 401 comes before it, and the connection serves the next request after it', async () => {
    const { socket, answers } = await begin(1_000_000);
    expect(await answers(1)).toMatch(/^HTTP\/1\.1 401 /);
    socket.write(' '.repeat(1_000_000));
    socket.write('GET /open HTTP/1.1\r\nhost: x\r\n\r\n');
    expect(await answers(2)).toMatch(/HTTP\/1\.1 200 /);
    socket.destroy();
  });

  it('ends the connection once more of it was sent than any route reads', async () => {
    const { socket, answers, closed } = await begin(3_000_000);
    await answers(1);
    socket.write(' '.repeat(2_000_000));
    await closed;
  });

  it('may be anything: 401 comes before its type, its size and its form are looked at', async () => {
    for (const body of ['{', 'x'.repeat(70_000)]) {
      const { status } = await fetch(`${url}/${things}`, { method: 'POST', body });
      expect(status).toBe(401);
    }
  });
});

describe('a rejected token', () => {
  const ended = () => Math.floor(Date.now() / 1000) - 60;
  it.each([
    ['none', 'no-token', async () => undefined],
    ['one that has expired', 'expired', () => issuer.token({ claims: { exp: ended() } })],
    ['one for another audience', 'wrong-audience', () => issuer.token({ claims: { aud: 'billing' } })],
    ['one of another issuer', 'unknown-issuer', () => issuer.token({ claims: { iss: 'https://b.example' } })],
    ['one that is not signed', 'bad-signature', async () => issuer.mint.unsigned()],
    ['one signed with the public key', 'bad-signature', () => issuer.mint.signedWithPublicKey()],
    ['one signed by another key', 'bad-signature', () => issuer.mint.signedByAnother()],
    ['one of another type', 'wrong-type', () => issuer.token({ header: { typ: 'JWT' } })],
    ['one without a subject', 'malformed', () => issuer.token({ claims: { sub: undefined } })],
    ['an API token', 'tokens-off', async () => 'pbt_abc'],
  ])('is answered with 401 and a challenge: %s', async (_what, code, token) => {
    const answer = await send(await token(), things);
    expect(answer).toMatchObject({ status: 401, code });
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.headers.get('www-authenticate')).toMatch(
      code === 'no-token' ? /^Bearer realm="pagebridge"$/ : /^Bearer realm="pagebridge", error="invalid_token"/,
    );
  });

  it('is answered with 503 and Retry-After if its issuer does not answer', async () => {
    const away = await TestIssuer.start();
    const both = JSON.parse(issuer.policy) as { issuers: object[] };
    const rules = [{ issuer: issuer.url, claim: 'sub', value: 'olga', role: 'operator' }];
    const issuers = [...both.issuers, { issuer: away.url, audience: 'pagebridge' }];
    const file = join(folder, 'two-issuers.yaml');
    writeFileSync(file, JSON.stringify({ issuers, rules }));
    const other = await startWith({ ACCESS: 'on', ACCESS_POLICY_FILE: file });
    other.useLogger(false);
    await other.listen(0, '127.0.0.1');
    const token = await away.token();
    await away.close();
    const response = await fetch(`${await other.getUrl()}/${things}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    expect(response.status).toBe(503);
    expect(await response.json()).toMatchObject({ code: 'issuer-unreachable' });
    expect(response.headers.get('retry-after')).toBe('5');
    await other.close();
  });
});

describe('the policy of a running service', () => {
  const metrics = async () => (await fetch(`${management}/metrics`)).text();

  it('changes with its file, and stays in force when the file becomes invalid', async () => {
    const token = await issuer.tokenOf('ned', 'newcomers');
    expect(await send(token, things)).toMatchObject({ status: 404 });
    const policy = JSON.parse(issuer.policy) as { rules: object[] };
    const rule = { claim: 'groups', value: 'newcomers', role: 'viewer', sourceOrg: 'acme-us' };
    writeFileSync(policyFile, JSON.stringify({ ...policy, rules: [...policy.rules, rule] }));
    await waitFor('the new rule', async () => (await send(token, things)).status === 200);
    writeFileSync(policyFile, 'rules: []');
    await waitFor('the refusal', async () => /changes_total\{result="refused".* 1$/m.test(await metrics()));
    expect(await send(token, things)).toMatchObject({ status: 200 });
    expect(await metrics()).toMatch(/pagebridge_access_policy_changes_total\{result="loaded".* 1$/m);
  });
});

describe('a service', () => {
  it.each<[string, Partial<CommonConfig>, RegExp]>([
    ['without a policy', { ACCESS: 'on' }, /ACCESS_POLICY_FILE is not set/],
    [
      'with a policy file that does not exist',
      { ACCESS: 'on', ACCESS_POLICY_FILE: '/nowhere' },
      /ACCESS_POLICY_FILE: .*ENOENT/,
    ],
    [
      'with access off and a HOST that other machines can reach',
      { HOST: '0.0.0.0' },
      /ACCESS is off and HOST is 0\.0\.0\.0/,
    ],
  ])('does not start %s', (_what, overrides, complaint) => {
    expect(() => startWith(overrides)).toThrow(ConfigError);
    expect(() => startWith(overrides)).toThrow(complaint);
  });

  it('that carries pages starts with an invalid policy, and answers 503 until the policy is valid', async () => {
    const file = join(folder, 'bad.yaml');
    writeFileSync(file, 'rules: []');
    const other = await startWith({ ACCESS: 'on', ACCESS_POLICY_FILE: file }, true);
    other.useLogger(false);
    await other.listen(0, '127.0.0.1');
    const authorization = `Bearer ${await issuer.tokenOf('ada', 'acme-us-viewer')}`;
    const statusOf = async () =>
      (await fetch(`${await other.getUrl()}/${things}`, { headers: { authorization } })).status;
    expect(await statusOf()).toBe(503);
    writeFileSync(file, issuer.policy);
    await waitFor('the good policy', async () => (await statusOf()) === 200);
    await other.close();
  });

  it('starts with access off if ACCESS_OFF_IS_INTENDED is set, and admits everyone', async () => {
    const open = await startWith({ HOST: '0.0.0.0', ACCESS_OFF_IS_INTENDED: 'true' });
    await open.listen(0, '127.0.0.1');
    expect((await fetch(`${await open.getUrl()}/${things}`)).status).toBe(200);
    await open.close();
  });
});
