import { describe, expect, it } from '@jest/globals';
import { Connections } from '@pagebridge/contracts';
import { Journey } from '../harness/journey.ts';

interface Refusal {
  readonly checks: readonly { readonly name: string; readonly result: string; readonly cure?: string }[];
}

const journey = new Journey();

describe('Add Connection', () => {
  it.each([
    [
      'a wrong application key',
      async () => `${journey.globex.applicationKey.slice(0, -4)}0000`,
      'key-pair',
      /application key/,
    ],
    [
      'a role without user_access_read',
      () => journey.driver.sandbox(journey.globex).keyWithout('user_access_read'),
      'permission:user_access_read',
      /additional role that holds user_access_read/,
    ],
    [
      'a role without teams_read',
      () => journey.driver.sandbox(journey.globex).keyWithout('teams_read'),
      'permission:teams_read',
      /additional role that holds teams_read/,
    ],
  ])('refuses %s, names the failed check and its cure, and stores nothing', async (_what, keyOf, check, cure) => {
    const acme = journey.sourceOrg();
    const { dataCenter, apiKey } = journey.globex;
    const newConnection = { name: 'Globex', dataCenter, apiKey, applicationKey: await keyOf() };
    const { status, headers, body } = await journey.driver.addConnection<Refusal>(acme.id, newConnection);
    expect(status).toBe(422);
    expect(headers.get('content-type')).toContain('application/problem+json');
    const failed = body.checks.filter(({ result }) => result === 'failed');
    expect(failed.map(({ name }) => name)).toContain(check);
    expect(failed.find(({ name }) => name === check)?.cure).toMatch(cure);

    const { connectionManagement } = journey.driver.info.services;
    const kept = await journey.driver.call<{ items: unknown[] }>(
      'GET',
      `${connectionManagement}/v1/source-orgs/${acme.id}/connections`,
    );
    expect(kept.body.items).toEqual([]);
    expect(journey.driver.watch.eventsOf(Connections, (it) => it.sourceOrg === acme.id)).toEqual([]);
  });
});
