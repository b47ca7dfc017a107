import { Router } from 'express';
import { neverOnboardedAnswers, type Org } from '../../domain/org.ts';
import type { RateLimitRule } from '../../domain/rate-limit.ts';
import { Fields, invalid } from '../../fields.ts';
import { faultSwitches } from './fault-input.ts';

/** Faults, rate limits, settings, and the record of what was called. */
export function switchControlRoutes(org: Org): Router {
  const router = Router();
  faultRoutes(router, org);
  requestRoutes(router, org);
  const rules = () => ({ api: org.rateLimits.api.rule, paging: org.rateLimits.paging.rule });
  router.get('/rate-limits', (_request, response) => response.json(rules()));
  router.put('/rate-limits', ({ body }, response) => {
    const fields = new Fields(body, ['api', 'paging']);
    for (const kind of ['api', 'paging'] as const) {
      const given = fields.raw(kind);
      if (given !== undefined) org.rateLimits[kind].replace(ruleIn(given, org.rateLimits[kind].rule, kind));
    }
    response.json(rules());
  });
  router.get('/settings', (_request, response) => response.json({ neverOnboarded: org.neverOnboarded }));
  router.put('/settings', ({ body }, response) => {
    org.neverOnboarded = new Fields(body, ['neverOnboarded']).oneOf('neverOnboarded', neverOnboardedAnswers);
    response.json({ neverOnboarded: org.neverOnboarded });
  });
  return router;
}

function faultRoutes(router: Router, org: Org): void {
  router.get('/faults', (_request, response) => response.json(org.faults.all()));
  router.put('/faults', ({ body }, response) => {
    org.faults.replace(faultSwitches(body));
    response.json(org.faults.all());
  });
  router.post('/faults', ({ body }, response) => {
    org.faults.add(faultSwitches(body));
    response.status(201).json(org.faults.all());
  });
  router.delete('/faults', (_request, response) => {
    org.faults.clear();
    response.status(204).end();
  });
}

function requestRoutes(router: Router, org: Org): void {
  router.get('/requests', ({ query }, response) => {
    const limit = query.limit === undefined ? 1000 : Number(query.limit);
    if (!Number.isInteger(limit) || limit < 1) throw invalid('limit must be a whole number of at least 1');
    response.json({ counts: org.requests.counts(), requests: org.requests.recent(limit) });
  });
  router.delete('/requests', (_request, response) => {
    org.requests.clear();
    response.status(204).end();
  });
}

function ruleIn(given: unknown, { name }: RateLimitRule, where: string): RateLimitRule {
  const fields = new Fields(given, ['limit', 'periodSeconds', 'name'], where);
  const limit = fields.number('limit', 0);
  return { limit, periodSeconds: fields.number('periodSeconds', 1), name: fields.optionalText('name') ?? name };
}
