import type { OpenAPIObject } from '@nestjs/swagger';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  readonly 'x-permissions'?: readonly string[];
  readonly 'x-source-org'?: 'path' | 'body' | 'none';
};

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

const text = { type: 'string' } as const;
const refusal = {
  type: 'object',
  description: 'A refusal (RFC 9457).',
  properties: {
    type: text,
    title: text,
    status: { type: 'integer' as const },
    detail: text,
    code: text,
    instance: text,
    requestId: text,
    permission: { ...text, description: 'The missing permission, for a 403.' },
  },
  required: ['type', 'title', 'status', 'detail', 'code', 'instance'],
} satisfies NonNullable<NonNullable<OpenAPIObject['components']>['schemas']>[string];

/** Adds 401, 403 and 404 to each route that requires permissions, unless the route documents that status itself. */
export function withRefusals(document: OpenAPIObject): OpenAPIObject {
  for (const item of Object.values(document.paths)) {
    for (const method of methods) {
      const operation: Operation | undefined = item[method];
      if (operation?.['x-permissions']) operation.responses = { ...refusalsOf(operation), ...operation.responses };
    }
  }
  document.components = { ...document.components, schemas: { ...document.components?.schemas, Refusal: refusal } };
  return document;
}

const refusalsOf = ({ 'x-permissions': permissions = [], 'x-source-org': org }: Operation) => ({
  401: answered('There is no valid token; `WWW-Authenticate` says why.'),
  403: answered(`The token lacks ${permissions.join(' or ')}.`),
  ...(org === 'none' ? {} : { 404: answered('There is no such source org among those that the token may see.') }),
});

const answered = (description: string) => ({
  description,
  content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Refusal' } } },
});
