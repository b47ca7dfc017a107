import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closePools, openDestination, type Result } from '@pagebridge/destination';
import type { DataCenter } from '@pagebridge/vocabulary';
import { RunningSandbox } from '../test/running-sandbox.ts';
import type { DestinationView } from './destination.ts';

interface Started {
  readonly org: DestinationView;
  readonly dataCenter: DataCenter;
  readonly credentials: {
    readonly apiKey: string;
    readonly applicationKeys: Record<string, { key: string; owner: string; ownerId: string }>;
  };
}

let running: RunningSandbox;
beforeAll(async () => {
  running = await RunningSandbox.start();
});
afterAll(async () => {
  await running.stop();
  await closePools();
});

const start = async (org: string, wish: object = {}): Promise<Started> => {
  const { status, body } = await running.controlAll('POST', '/orgs', { org, dataCenter: org.toUpperCase(), ...wish });
  if (status !== 201) throw new Error(JSON.stringify(body));
  return body as Started;
};
const opened = ({ dataCenter, credentials }: Started, name = 'good') => {
  const applicationKey = credentials.applicationKeys[name]?.key ?? '';
  return openDestination({ dataCenter, credential: { apiKey: credentials.apiKey, applicationKey } });
};

function valueIn<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.failure.detail);
  return result.value;
}

describe('an org that the control API starts', () => {
  it('has the requested numbers of teams, service accounts and keys, and returns all keys', async () => {
    const started = await start('acme', { teamCount: 205, serviceAccountCount: 2, applicationKeyCount: 5 });
    const { applicationKeys } = started.credentials;
    const owners = [1, 2, 3, 4, 5].map((number) => applicationKeys[`key-000${number}`]?.owner);
    expect(owners).toEqual(['service-0001', 'service-0002', 'service-0001', 'service-0002', 'service-0001']);
    const api = opened(started, 'key-0002');
    expect(valueIn(await api.currentUser())).toMatchObject({
      id: applicationKeys['key-0004']?.ownerId,
      serviceAccount: true,
      org: { name: 'acme' },
    });
    const { teams, total } = valueIn(await api.teams({ pageNumber: 2, pageSize: 100 }));
    expect({ total, last: teams.at(-1) }).toMatchObject({ total: 205, last: { handle: 'team-0205' } });
    expect(await api.isOnCall(teams[0]?.id ?? '')).toMatchObject({ value: true });
    expect((await running.controlAll('GET', '/orgs')).body).toContainEqual(started.org);
    expect((await running.control('GET', '/users', undefined, started.org)).status).toBe(200);
  });

  it('can hold five thousand teams, listed by name', async () => {
    const api = opened(await start('large', { teamCount: 5000 }));
    const handles: string[] = [];
    for (let pageNumber = 0; ; pageNumber += 1) {
      const page = valueIn(await api.teams({ pageNumber, pageSize: 100 }));
      handles.push(...page.teams.map(({ handle }) => handle));
      if (page.last) break;
    }
    expect(new Set(handles).size).toBe(5000);
    expect(handles).toEqual(handles.toSorted());
  });

  it('runs beside hundreds of others, each with its own keys and teams', async () => {
    const others = await Promise.all(
      Array.from({ length: 200 }, (_, index) => start(`org-${index}`, { teamCount: 20 })),
    );
    const totals = await Promise.all(others.map((other) => opened(other).teams({ pageNumber: 0, pageSize: 1 })));
    expect(totals.filter((answer) => answer.ok && answer.value.total === 20)).toHaveLength(200);
    const [first, second] = others as [Started, Started];
    const foreign = await opened({ ...first, credentials: second.credentials }).currentUser();
    expect(foreign).toMatchObject({ failure: { cause: 'forbidden' } });
  });

  it('applies strict settings from its first call', async () => {
    const everyEndpoint = { limit: 1, periodSeconds: 3600 };
    const api = opened(await start('strict', { rateLimits: { everyEndpoint }, settings: { teamOrder: 'changing' } }));
    expect((await api.validateKeys()).ok).toBe(true);
    expect(await api.validateKeys()).toMatchObject({ failure: { cause: 'rate-limited' } });
  });

  it.each([
    [{ org: 'globex', dataCenter: 'EU1' }, 409, 'There is an org globex here.'],
    [{ org: 'Not One', dataCenter: 'EU1' }, 400, 'body.org must match'],
    [{ org: 'a', dataCenter: 'EU1', teamCount: 50_001 }, 400, 'body.teamCount must be a whole number from 0 to 50000'],
    [
      { org: 'a', dataCenter: 'EU1', rateLimits: { endpoints: { 'GET /nowhere': {} } } },
      400,
      'body.rateLimits.endpoints has no field GET /nowhere; there are GET /api/v1/validate',
    ],
  ])('is refused as %j', async (wish, status, error) => {
    const refused = await running.controlAll('POST', '/orgs', wish);
    expect(refused).toMatchObject({ status, body: { error: expect.stringContaining(error) } });
  });

  it('is refused on a port that is taken', async () => {
    const apiPort = Number(new URL(running.globex.apiUrl).port);
    const refused = await running.controlAll('POST', '/orgs', { org: 'a', dataCenter: 'EU1', apiPort });
    expect(refused).toMatchObject({ status: 409, body: { error: expect.stringContaining('EADDRINUSE') } });
  });
});
