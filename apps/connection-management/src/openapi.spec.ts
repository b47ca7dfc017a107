import 'reflect-metadata';
import { readFile } from 'node:fs/promises';
import { describe, expect, it } from '@jest/globals';
import { openApiDocument } from './openapi-document.ts';
import { documentPath } from './openapi-path.ts';

const text = await openApiDocument();
const document = JSON.parse(text);

describe('the OpenAPI document', () => {
  it('is the one in docs/openapi; if not, run `npm run generate -w apps/connection-management`', async () => {
    expect(await readFile(documentPath, 'utf8')).toBe(text);
  });

  it('takes keys in and never gives them out', () => {
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

  it('has every route of the service', () => {
    expect(Object.keys(document.paths).sort()).toEqual([
      '/v1/data-centers',
      '/v1/source-orgs/{org}',
      '/v1/source-orgs/{org}/audit',
      '/v1/source-orgs/{org}/connections',
      '/v1/source-orgs/{org}/connections/{id}',
      '/v1/source-orgs/{org}/connections/{id}/check',
      '/v1/source-orgs/{org}/connections/{id}/credentials',
      '/v1/source-orgs/{org}/connections/{id}/sync',
    ]);
  });
});
