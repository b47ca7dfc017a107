import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TObject } from 'typebox';
import type { KafkaSource } from './chart/chart.ts';
import { chartDocuments } from './chart/chart.ts';
import { type Variables, withVariables } from './configuration.ts';
import { consoleRoutes } from './console-routes.ts';
import { withReasons } from './reasons.ts';
import { withRoutes } from './routes.ts';

/** What is read of a service to describe it; from its sources or from its build, which are alike. */
export interface DescribedService {
  readonly name: string;
  readonly config: TObject;
  /** Of a service that has routes of its own. */
  readonly openApiDocument?: () => Promise<string>;
}

/** A document that follows from code; `path` is relative to the root. */
export interface Reference {
  readonly path: string;
  readonly content: string;
}

export const root = join(import.meta.dirname, '../..');

/**
 * Every document that follows from the services and their topics, as it should be; `shared` is what several of them read, and `others`
 * what programs read that are none of the services.
 */
export async function references(
  shared: readonly Variables[],
  services: readonly DescribedService[],
  others: readonly Variables[],
  kafka: KafkaSource,
): Promise<Reference[]> {
  const names = shared.flatMap(({ schema }) => Object.keys(schema.properties));
  const own = services.map(({ name, config }): Variables => ({ name, schema: without(config, names) }));
  const path = 'docs/configuration.md';
  const document = readFileSync(join(root, path), 'utf8');
  const further = others.map(({ name, schema }): Variables => ({ name, schema: without(schema, names) }));
  const configuration = withVariables(document, [...shared, ...own, ...further]);
  const openApi = await Promise.all(
    services.flatMap(({ name, openApiDocument }) =>
      openApiDocument ? [openApiDocument().then((content) => [name, content] as const)] : [],
    ),
  );
  const http = 'docs/http.md';
  const routes = withRoutes(readFileSync(join(root, http), 'utf8'), new Map(openApi));
  const runbook = 'docs/runbooks/replay-dead-letters.md';
  const reasons = withReasons(readFileSync(join(root, runbook), 'utf8'));
  const chart = chartDocuments(
    root,
    [...services, ...others.map(({ name, schema }) => ({ name, config: schema }))],
    kafka,
  );
  return [
    { path, content: configuration },
    { path: http, content: routes },
    { path: runbook, content: reasons },
    ...chart,
    ...openApi.map(([name, content]) => ({ path: `docs/openapi/${name}.json`, content })),
    { path: 'apps/console-gateway/src/proxy/documented-routes.ts', content: consoleRoutes(openApi) },
  ];
}

function without(config: TObject, names: readonly string[]): TObject {
  const properties = Object.entries(config.properties).filter(([name]) => !names.includes(name));
  return { ...config, properties: Object.fromEntries(properties) } as TObject;
}
