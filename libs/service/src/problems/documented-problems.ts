import { ApiExtension, getSchemaPath, type OpenAPIObject } from '@nestjs/swagger';
import type { ProblemKind } from './problem.ts';
import { ProblemAnswer } from './problem-answer.ts';
import { serviceProblems as problems, tokenProblems } from './service-problems.ts';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']> & {
  readonly 'x-permissions'?: readonly string[];
  readonly 'x-source-org'?: 'path' | 'body' | 'none';
  readonly 'x-problems'?: readonly ProblemKind[];
};

const methods = ['get', 'post', 'put', 'patch', 'delete'] as const;

/** Documents the problems that a route answers by itself. Those of guard, pipe and filter are documented for every route. */
export const ApiProblems = (...kinds: readonly ProblemKind[]): MethodDecorator => ApiExtension('x-problems', kinds);

/** Adds to each route the problems that it may answer: the codes of each status. The schema of a problem has the codes of all. */
export function withProblems(document: OpenAPIObject): OpenAPIObject {
  // A method that no route of a path has is documented nowhere else.
  const codes = new Set([problems['method-not-allowed'].code]);
  for (const item of Object.values(document.paths)) {
    for (const method of methods) {
      const operation: Operation | undefined = item[method];
      if (!operation) continue;
      const { 'x-problems': own = [], ...its } = operation;
      const kinds = [...own, ...edgeOf(its, method)];
      for (const { code } of kinds) codes.add(code);
      item[method] = { ...its, responses: { ...its.responses, ...answersOf(kinds, its.responses) } };
    }
  }
  const { ProblemAnswer: schema, ...schemas } = document.components?.schemas ?? {};
  const { properties, ...its } = schema as { readonly properties: { readonly code: object } };
  const code = { ...properties.code, enum: [...codes].toSorted() };
  const complete = { ...its, properties: { ...properties, code } };
  document.components = { ...document.components, schemas: { ...schemas, ProblemAnswer: complete } };
  return document;
}

/** Returns what guard, pipe and filter may answer on a route. */
function edgeOf(
  { 'x-permissions': permissions, 'x-source-org': org }: Operation,
  method: (typeof methods)[number],
): readonly ProblemKind[] {
  return [
    problems['bad-request'],
    problems['invalid-request'],
    problems['internal-error'],
    ...(method === 'get' ? [] : [problems['body-too-large'], problems['unsupported-media-type']]),
    ...(permissions ? Object.values(tokenProblems) : []),
    ...(permissions?.length ? [problems['missing-permission']] : []),
    ...(permissions && org !== 'none' ? [problems['not-found']] : []),
  ];
}

/** Returns the answers with problems by status. What the route says of such an answer, such as its headers, stays. */
function answersOf(kinds: readonly ProblemKind[], told: Operation['responses']): Operation['responses'] {
  const byStatus = Map.groupBy(kinds, ({ status }) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, its]) => {
      const description = `${[...new Set(its.map(({ title }) => title))].join('. ')}.`;
      const code = { type: 'string' as const, enum: its.map(({ code }) => code) };
      const schema = {
        allOf: [{ $ref: getSchemaPath(ProblemAnswer) }, { type: 'object' as const, properties: { code } }],
      };
      return [status, { ...told[status], description, content: { 'application/problem+json': { schema } } }];
    }),
  );
}
