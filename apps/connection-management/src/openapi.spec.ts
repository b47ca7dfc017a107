import 'reflect-metadata';
import { describe, expect, it } from '@jest/globals';
import { problems } from './application/problems.ts';
import { aConnection } from './domain/connection.fixtures.ts';
import { connectionAnswer } from './inbound/present.ts';
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
        expect([path, method, refusals.length >= 2]).toEqual([path, method, true]);
        for (const [, response] of refusals) {
          expect(response).toHaveProperty(
            ['content', 'application/problem+json', 'schema', 'allOf', '1', 'properties', 'code', 'enum', '0'],
            expect.any(String),
          );
        }
      }
    }
  });

  it('names every code of a problem, each by some route', () => {
    const codes = document.components.schemas.ProblemAnswer.properties.code.enum;
    expect(codes).toEqual(expect.arrayContaining(Object.keys(problems)));
    const texts = Object.values(document.paths).map((routes) => JSON.stringify(routes));
    expect(Object.keys(problems).filter((code) => !texts.some((text) => text.includes(`"${code}"`)))).toEqual([]);
  });

  it('describes the checks of keys as JSON and as events', () => {
    const path = '/v1/source-orgs/{org}/connections';
    const typesOf = (route: { responses: Record<string, { content?: object }> }) =>
      ['200', '201'].flatMap((status) => Object.keys(route.responses[status]?.content ?? {})).toSorted();
    for (const [its, method] of [
      [path, 'post'],
      [`${path}/{id}/check`, 'post'],
      [`${path}/{id}/credentials`, 'put'],
    ] as const) {
      expect(typesOf(document.paths[its][method])).toEqual(['application/json', 'text/event-stream']);
    }
  });

  it('describes every member of a fault', () => {
    const { FaultAnswer } = document.components.schemas;
    const since = new Date();
    const fault = { reportedBy: 'handle-sync', detail: 'no', missingPermission: 'p', unopenable: true, since } as const;
    const answer = connectionAnswer(aConnection({ health: { faults: [fault], seen: {} } }));
    expect(Object.keys(answer.fault ?? {})).toContain('unopenable');
    expect(Object.keys(FaultAnswer.properties)).toEqual(expect.arrayContaining(Object.keys(answer.fault ?? {})));
  });

  it('has every route of the service', () => {
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/data-centers',
      '/v1/me',
      '/v1/source-orgs',
      '/v1/source-orgs/{org}',
      '/v1/source-orgs/{org}/audit',
      '/v1/source-orgs/{org}/connections',
      '/v1/source-orgs/{org}/connections/{id}',
      '/v1/source-orgs/{org}/connections/{id}/check',
      '/v1/source-orgs/{org}/connections/{id}/credentials',
      '/v1/source-orgs/{org}/connections/{id}/credentials/sealed',
      '/v1/source-orgs/{org}/connections/{id}/revoke-snapshots',
      '/v1/source-orgs/{org}/connections/{id}/sync',
      '/v1/source-orgs/{org}/integrations',
      '/v1/source-orgs/{org}/integrations/{name}',
      '/v1/source-orgs/{org}/tokens',
      '/v1/source-orgs/{org}/tokens/{id}',
    ]);
  });
});
