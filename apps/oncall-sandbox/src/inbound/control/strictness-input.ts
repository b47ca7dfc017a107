import { neverOnboardedAnswers, type OrgSettings, teamOrders } from '../../domain/org-settings.ts';
import type { GivenLimit, RateLimitChange } from '../../domain/rate-limits.ts';
import { Fields, invalid, present } from '../../fields.ts';
import { endpoints } from '../endpoints.ts';

/** Reads the settings of a request; absent ones are omitted. */
export function settingsIn(given: unknown, where: string): Partial<OrgSettings> {
  const known = ['neverOnboarded', 'teamOrder', 'swapsAtPageTurns', 'revocationSeconds', 'pageListLagMs'];
  const fields = new Fields(given, known, where);
  return present({
    neverOnboarded: fields.optionalOneOf('neverOnboarded', neverOnboardedAnswers),
    teamOrder: fields.optionalOneOf('teamOrder', teamOrders),
    swapsAtPageTurns: fields.optionalNumber('swapsAtPageTurns', 0, 1000),
    revocationSeconds: fields.optionalNumber('revocationSeconds', 0, 86_400),
    pageListLagMs: fields.optionalNumber('pageListLagMs', 0, 3_600_000),
  });
}

/** Reads the rate limits of a request; absent ones are omitted. */
export function rateLimitsIn(given: unknown, where: string): RateLimitChange {
  const fields = new Fields(given, ['api', 'paging', 'everyEndpoint', 'endpoints'], where);
  const limitOf = (name: string) => {
    const limit = fields.raw(name);
    return limit === undefined ? undefined : limitIn(limit, `${where}.${name}`);
  };
  return present({
    api: limitOf('api'),
    paging: limitOf('paging'),
    everyEndpoint: fields.raw('everyEndpoint') === null ? null : limitOf('everyEndpoint'),
    endpoints: exceptionsIn(fields.raw('endpoints'), `${where}.endpoints`),
  });
}

function exceptionsIn(given: unknown, where: string): Record<string, GivenLimit> | undefined {
  if (given === undefined) return undefined;
  const fields = new Fields(given, endpoints, where);
  const named = endpoints.filter((endpoint) => fields.raw(endpoint) !== undefined);
  return Object.fromEntries(named.map((name) => [name, limitIn(fields.raw(name), `${where}["${name}"]`)]));
}

function limitIn(given: unknown, where: string): GivenLimit {
  const fields = new Fields(given, ['limit', 'periodSeconds', 'name'], where);
  const name = fields.optionalText('name');
  if (name !== undefined && !/^[\x20-\x7e]{1,200}$/.test(name)) throw invalid(`${where}.name must fit into a header`);
  const limit = { limit: fields.number('limit', 0), periodSeconds: fields.number('periodSeconds', 1, 86_400) };
  return name === undefined ? limit : { ...limit, name };
}
