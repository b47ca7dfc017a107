import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { aConnection } from './domain/connection.features.ts';
import { connectionAnswer } from './inbound/present.ts';
import { problemOf } from './inbound/problems.ts';
import { openApiDocument } from './openapi-document.ts';

const document = JSON.parse(await openApiDocument());

describe('the OpenAPI document', () => {
  it('has keys in requests and never in answers', () => {
    const { NewConnection, NewCredentials, CheckRequest, ConnectionAnswer } = document.components.schemas;
    for (const schema of [NewConnection, NewCredentials, CheckRequest]) {
      for (const key of ['apiKey', 'applicationKey']) {
        expect(schema.properties[key]).toMatchObject({ writeOnly: true, format: 'password' });
      }
    }
    expect(Object.keys(ConnectionAnswer.properties)).not.toContain('apiKey');
  });

  it('describes a problem for every refusal of every route', () => {
    for (const [path, routes] of Object.entries<Record<string, { responses: Record<string, object> }>>(
      document.paths,
    )) {
      for (const [method, { responses }] of Object.entries(routes)) {
        const refusals = Object.entries(responses).filter(([status]) => Number(status) >= 400);
        expect([path, method, refusals.length >= 3]).toEqual([path, method, true]);
        for (const [, response] of refusals) {
          expect(response).toHaveProperty(['content', 'application/problem+json', 'schema', '$ref']);
        }
      }
    }
  });

  it('describes every member of a problem and of a fault', () => {
    const { ProblemAnswer, FaultAnswer } = document.components.schemas;
    const limit = { name: 'checks', owner: 'acme-us', most: 30, windowSeconds: 3600 } as const;
    const problems = [
      problemOf({ reason: 'limit-reached', limit, retryAfterMs: 1000 }),
      problemOf({ reason: 'permission-not-held', permission: 'audit:read' }),
    ];
    const members = problems.flatMap(({ details, extra }) => [...Object.keys(details), ...Object.keys(extra)]);
    expect(Object.keys(ProblemAnswer.properties)).toEqual(expect.arrayContaining(members));
    const since = new Date();
    const fault = { reportedBy: 'handle-sync', detail: 'no', missingPermission: 'p', unopenable: true, since } as const;
    const answer = connectionAnswer(aConnection({ health: { faults: [fault], seen: {} } }));
    expect(Object.keys(answer.fault ?? {})).toContain('unopenable');
    expect(Object.keys(FaultAnswer.properties)).toEqual(expect.arrayContaining(Object.keys(answer.fault ?? {})));
  });

  it('has every route of the service', () => {
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/data-centers',
      '/v1/source-orgs',
      '/v1/source-orgs/{org}',
      '/v1/source-orgs/{org}/audit',
      '/v1/source-orgs/{org}/connections',
      '/v1/source-orgs/{org}/connections/{id}',
      '/v1/source-orgs/{org}/connections/{id}/check',
      '/v1/source-orgs/{org}/connections/{id}/credentials',
      '/v1/source-orgs/{org}/connections/{id}/credentials/sealed',
      '/v1/source-orgs/{org}/connections/{id}/sync',
      '/v1/source-orgs/{org}/tokens',
      '/v1/source-orgs/{org}/tokens/{id}',
    ]);
  });
});
