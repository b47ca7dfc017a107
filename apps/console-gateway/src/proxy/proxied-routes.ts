import { type Service, services } from '../services.ts';
import { documentedRoutes } from './documented-routes.ts';

export interface ProxiedRoute {
  /** The services that answer it alike; the first that answers is enough. */
  readonly services: readonly Service[];
  readonly maxBytes: number;
  /** Whether a request may change something, so that it is not sent twice without looking. */
  readonly mayChange: boolean;
}

const usualBytes = 64 * 1024;
// The same as in connection-management, where the list of local handles may be long.
const largeBytes = 1024 * 1024;
const large = 'PUT /v1/source-orgs/{org}';
// Questions that are too long for an address.
const question = /^GET |^POST .*\/(explain|preview|check)$/;

// Ids of orgs, connections and tokens. No `.`, `/` or `%` gets into a path that a service would read differently.
const patternOf = (template: string): RegExp => new RegExp(`^${template.replaceAll(/\{\w+\}/g, '[\\w-]{1,100}')}$`);

const byTemplate = Object.groupBy(documentedRoutes, ([template]) => template);

const table = Object.entries(byTemplate).map(([template, rows = []]) => {
  const methods = [...new Set(rows.flatMap(([, , its]) => its))].map((method) => {
    const answering = services.filter((service) => rows.some(([, by, its]) => by === service && its.includes(method)));
    const name = `${method} ${template}`;
    const maxBytes = name === large ? largeBytes : usualBytes;
    return [method, { services: answering, maxBytes, mayChange: !question.test(name) }] as const;
  });
  return { pattern: patternOf(template), routes: new Map<string, ProxiedRoute>(methods) };
});

/** Returns the routes at a path, by method. Undefined if no service documents the path for the console. */
export const routesAt = (path: string): ReadonlyMap<string, ProxiedRoute> | undefined =>
  table.find(({ pattern }) => pattern.test(path))?.routes;
