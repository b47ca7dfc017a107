import { Router } from 'express';
import type { Org } from '../../domain/org.ts';
import { invalid } from '../../fields.ts';
import { faultSwitches } from './fault-input.ts';
import { rateLimitsIn, settingsIn } from './strictness-input.ts';

/** The routes of faults, rate limits, settings, and recorded calls. */
export function switchControlRoutes(org: Org): Router {
  const router = Router();
  faultRoutes(router, org);
  requestRoutes(router, org);
  router.get('/rate-limits', (_request, response) => response.json(org.rateLimits.rules()));
  router.put('/rate-limits', ({ body }, response) => {
    org.rateLimits.change(rateLimitsIn(body, 'body'));
    response.json(org.rateLimits.rules());
  });
  router.get('/settings', (_request, response) => response.json(org.settings));
  router.put('/settings', ({ body }, response) => response.json(Object.assign(org.settings, settingsIn(body, 'body'))));
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
  router.get('/calls', (_request, response) => response.json(org.calls.all()));
  router.delete('/calls', (_request, response) => {
    org.calls.clear();
    response.status(204).end();
  });
}
