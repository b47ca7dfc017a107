import { beforeAll, describe, expect, it } from '@jest/globals';
import { makeToken, type Role, roles } from '@pagebridge/access';
import { AccessTokens, Connections, Integrations, SourceOrgs, SyncRequests } from '@pagebridge/contracts';
import { type Answer, call } from '@pagebridge/local-stack';
import { TestIssuer, type TokenMint, waitFor } from '@pagebridge/testing';
import {
  type DocumentedRoute,
  documentedRoutes,
  routeMatrix,
  type Subject,
  stackMint,
} from '../harness/access/route-matrix.ts';
import { Journey } from '../harness/journey.ts';

/* Checks for every route of every OpenAPI document who may use it, and that a refused request changes nothing. */

const journey = new Journey();
const ranks = ['viewer', 'editor', 'admin', 'operator'] as const satisfies readonly Role[];
const documented = documentedRoutes();
const routes = Object.entries(routeMatrix).flatMap(([name, its]) =>
  documented.filter((route) => route.name === name).map((route) => ({ ...route, ...its })),
);
type Route = (typeof routes)[number];

/** The clients of the stack by their role on acme-us. */
const holders: Readonly<Record<Role, string>> = { viewer: 'vik', editor: 'machine', admin: 'ada', operator: 'olga' };

let mint: TokenMint;
let acme: Subject;
beforeAll(async () => {
  mint = await stackMint(journey.folder, journey.driver.info);
  acme = await subjectIn('acme-us', 'ada');
  // Once the handles are there, the effects of the connection have ended, and only requests change the state.
  await waitFor('its handles', async () => (await journey.driver.handles(acme.sourceOrg)).body.items[0]);
  // The stack has a token and an integration of its own in this org.
  const listed = [
    { contract: Connections, path: 'connections' },
    { contract: AccessTokens, path: 'tokens' },
    { contract: Integrations, path: 'integrations' },
  ];
  for (const { contract, path } of listed) {
    const { body } = await journey.driver.call<{ items: readonly object[] }>(
      'GET',
      `${orgUrlOf(acme.sourceOrg)}/${path}`,
    );
    await waitFor(`the records of its ${path}`, () => recordsOf(contract).length >= body.items.length);
  }
});

const orgUrlOf = (sourceOrg: string): string =>
  `${journey.driver.info.services.connectionManagement}/v1/source-orgs/${sourceOrg}`;

/** Creates a source org with a connection, an API token and an integration. */
async function subjectIn(sourceOrg: string, as: string): Promise<Subject> {
  const { driver, globex: destination, initech: another } = journey;
  const orgUrl = orgUrlOf(sourceOrg);
  const { dataCenter, apiKey, applicationKey } = destination;
  const newConnection = { name: 'first', dataCenter, apiKey, applicationKey };
  const connection = await driver.callAs<{ id: string }>(as, 'POST', `${orgUrl}/connections`, newConnection);
  const grant = { name: 'given', role: 'viewer', expiresInDays: 1 };
  const token = await driver.callAs<{ id: string }>(as, 'POST', `${orgUrl}/tokens`, grant);
  const integration = 'first';
  const added = await driver.callAs(as, 'POST', `${orgUrl}/integrations`, { name: integration, kind: 'alerts' });
  expect([connection.status, token.status, added.status]).toEqual([201, 201, 201]);
  return { sourceOrg, connectionId: connection.body.id, tokenId: token.body.id, integration, destination, another };
}

/** Sends the request of the matrix to a route. With a valid token the request would succeed. */
function ask(route: Route, subject: Subject, token?: string, further = ''): Promise<Answer<Refusal>> {
  const id = route.path.includes('/tokens/') ? subject.tokenId : subject.connectionId;
  const path = route.path
    .replace('{org}', subject.sourceOrg)
    .replace('{id}', id)
    .replace('{name}', subject.integration);
  return call<Refusal>(
    route.method,
    `${journey.driver.info.services[route.service]}${path}?${route.query ?? ''}&${further}`,
    route.body?.(subject),
    { 'if-match': '*', ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
  );
}

interface Refusal {
  readonly status: number;
  readonly code: string;
  readonly permission?: string;
}

/** Returns the answers of the routes that differ from the expected ones. */
async function unexpectedAnswers(
  expected: (route: Route) => Partial<Refusal>,
  asked: (route: Route) => Promise<Answer<Refusal>>,
) {
  const others: object[] = [];
  for (const route of routes) {
    const { status, code, permission } = expected(route);
    const { status: actual, headers, body } = await asked(route);
    const isProblem = headers.get('content-type')?.startsWith('application/problem+json') ?? false;
    const isAsked =
      actual === status && (body?.code ?? code) === code && (body?.permission ?? permission) === permission;
    const challenges = headers.has('www-authenticate') === (status === 401);
    const isDocumented =
      actual < 400 ? route.statuses.includes(String(actual)) : route.codesOf(actual).includes(body.code);
    if (!isAsked || !challenges || !isDocumented || (actual >= 400 && !isProblem)) {
      others.push({ route: route.name, expected: expected(route), actual, body, isProblem, challenges, isDocumented });
    }
  }
  return others;
}

const recordsOf = (contract: { readonly card: { readonly topic: string } }) =>
  journey.driver.watch.recordsOf(contract.card.topic).filter(({ value }) => String(value).includes(acme.sourceOrg));

/** Returns the state that a request could change: rows, records, and validation calls to the destinations. */
async function currentState() {
  const { driver } = journey;
  const { sourceOrg, connectionId } = acme;
  const orgUrl = orgUrlOf(sourceOrg);
  const read = async <Body>(path: string) => (await driver.call<Body>('GET', `${orgUrl}${path}`)).body;
  const { name, slug, enabled, credentials } = await read<Record<string, unknown>>(`/connections/${connectionId}`);
  const { items } = await read<{ items: { id: string }[] }>('/connections');
  const records = [Connections, SourceOrgs, AccessTokens, Integrations, SyncRequests].map(
    (contract) =>
      driver.watch.eventsOf<{ sourceOrg: string }>(contract as never, (its) => its.sourceOrg === sourceOrg).length,
  );
  const calls = await Promise.all(
    [acme.destination, acme.another].map(async (destination) => {
      const requests = await driver.sandbox(destination).requests();
      return requests.filter(({ path }) => path.includes('validate')).length;
    }),
  );
  return {
    connections: [{ name, slug, enabled, credentials }, items.map(({ id }) => id)],
    settings: await read(''),
    tokens: await read('/tokens'),
    integrations: await read('/integrations'),
    audit: await read('/audit'),
    records,
    calls,
  };
}

describe('the matrix of routes', () => {
  it('contains exactly the routes of the OpenAPI documents', () => {
    expect(new Set(Object.keys(routeMatrix))).toEqual(new Set(documented.map(({ name }) => name)));
  });

  it('requires a permission that its role has and no lower role has, or none where any valid token is sufficient', () => {
    const leastRoles = routes.map(({ name, permissions, signedIn = false }) => {
      const isStated = signedIn === (permissions.length === 0);
      return [name, isStated && ranks.find((rank) => permissions.every((needed) => holds(rank, needed)))];
    });
    expect(leastRoles).toEqual(routes.map(({ name, role }) => [name, role]));
  });
});

const holds = (role: Role, permission: string) => roles[role].some((held) => held === permission);
const inAnHour = () => Math.floor(Date.now() / 1000) + 3600;
/** Claims of the operator, so that only the tested fault of the token can be the reason for a refusal. */
const olga = (claims: object = {}) => ({ claims: { sub: 'olga', exp: inAnHour(), ...claims } });

describe('on every route', () => {
  it.each<[string, string, () => Promise<string | undefined> | string | undefined]>([
    ['no token', 'no-token', () => undefined],
    ['one that has expired', 'expired', () => mint.token(olga({ exp: inAnHour() - 3700 }))],
    ['one for another audience', 'wrong-audience', () => mint.token(olga({ aud: 'billing' }))],
    ['one with alg: none', 'bad-signature', () => mint.unsigned(olga())],
    ['an HMAC with the public key', 'bad-signature', () => mint.signedWithPublicKey(olga())],
    ['one of another key with the same kid', 'bad-signature', () => mint.signedByAnother(olga())],
    ['one of another issuer', 'unknown-issuer', tokenOfAnotherIssuer],
    ['no JWT at all', 'malformed', () => 'guessed'],
    ['an API token that nobody made', 'unknown-token', makeToken],
  ])('%s is answered 401, and changes nothing', async (_what, code, make) => {
    const before = await currentState();
    const token = await make();
    expect(
      await unexpectedAnswers(
        () => ({ status: 401, code }),
        (route) => ask(route, acme, token),
      ),
    ).toEqual([]);
    expect(await currentState()).toEqual(before);
  });

  it('a token in the query string is ignored', async () => {
    const before = await currentState();
    const token = await mint.token(olga());
    const asked = (route: Route) => ask(route, acme, undefined, `access_token=${token}&token=${token}`);
    expect(await unexpectedAnswers(() => ({ status: 401, code: 'no-token' }), asked)).toEqual([]);
    expect(await currentState()).toEqual(before);
  });

  it('an admin of another org gets 404, or no data of this org on routes that name no org', async () => {
    const before = await currentState();
    const token = await mint.token({ claims: { sub: 'bea' } });
    const answers: string[] = [];
    const asked = async (route: Route) => {
      const answer = await ask(route, acme, token);
      answers.push(JSON.stringify(answer.body));
      return answer;
    };
    const expected = ({ anywhere, everywhere, permissions: [permission = ''] }: Route) => {
      if (everywhere) return { status: 403, code: 'missing-permission', permission };
      return anywhere ? { status: 200 } : { status: 404, code: 'not-found' };
    };
    expect(await unexpectedAnswers(expected, asked)).toEqual([]);
    expect(answers.filter((answer) => answer.includes('"acme-us"'))).toEqual([]);
    expect(await currentState()).toEqual(before);
  });

  it.each(['viewer', 'editor'] as const)(
    '%s is refused routes that need a higher role, with the missing permission',
    async (role) => {
      const before = await currentState();
      const refusing = routes.filter((route) => ranks.indexOf(route.role) > ranks.indexOf(role));
      const token = await mint.token({ claims: { sub: holders[role] } });
      const refused = refusing.map(async (route) => {
        const { status, body } = await ask(route, acme, token);
        return { name: route.name, status, code: body.code, permission: body.permission };
      });
      const missing = ({ permissions }: DocumentedRoute) => permissions.find((needed) => !holds(role, needed));
      expect(await Promise.all(refused)).toEqual(
        refusing.map((route) => ({
          name: route.name,
          status: 403,
          code: 'missing-permission',
          permission: missing(route),
        })),
      );
      expect(await currentState()).toEqual(before);
    },
  );
});

const admitted = ({ status, code }: Route) => ({ status, ...(code === undefined ? {} : { code }) });

describe('every route is carried out for', () => {
  it('a client with the lowest sufficient role', async () => {
    const token = (role: Role) => mint.token({ claims: { sub: holders[role] } });
    const asked = async (route: Route) => ask(route, acme, await token(route.role));
    expect(await unexpectedAnswers(admitted, asked)).toEqual([]);
  });

  it('an operator, in any org', async () => {
    const subject = await subjectIn(journey.sourceOrg().id, 'olga');
    const token = await mint.token(olga());
    expect(await unexpectedAnswers(admitted, (route) => ask(route, subject, token))).toEqual([]);
    await waitFor(
      'the records of what was changed',
      () => journey.driver.watch.eventsOf(AccessTokens, (its) => its.sourceOrg === subject.sourceOrg)[1],
    );
  });
});

/** Returns a token that is valid but for its issuer, which the policy does not name. */
async function tokenOfAnotherIssuer(): Promise<string> {
  const issuer = await TestIssuer.start();
  const token = await issuer.token(olga());
  await issuer.close();
  return token;
}
