import { Router } from 'express';
import { responderOf } from '../../domain/on-call/on-call.ts';
import { act, type Page, pageUrgencies } from '../../domain/on-call/pages.ts';
import type { Org } from '../../domain/org.ts';
import { Fields } from '../../fields.ts';
import { unknown } from './control-refusal.ts';
import { teamIn } from './team-control.ts';

/** The routes of pages in order of creation, and of a responder's actions. */
export function pageControlRoutes(org: Org): Router {
  const router = Router();
  router.get('/pages', ({ query }, response) => {
    const { status, team, tag } = query;
    const wanted = (page: Page) =>
      (status === undefined || page.status === status) &&
      (team === undefined || page.team?.handle === team || page.team?.id === team) &&
      (tag === undefined || page.tags.some((one) => one === tag));
    response.json(org.pages.all().filter(wanted));
  });
  router.post('/pages', ({ body }, response) => response.status(201).json(formerPage(org, body)));
  router.delete('/pages', (_request, response) => {
    org.pages.clear();
    response.status(204).end();
  });
  router.get('/pages/:id', ({ params }, response) => response.json(pageIn(org, params.id)));
  for (const action of ['acknowledge', 'escalate', 'resolve'] as const)
    router.post(`/pages/:id/${action}`, ({ params }, response) => {
      const page = pageIn(org, params.id);
      act(page, action, responderOf(org), org.dependencies.now());
      response.json(page);
    });
  return router;
}

/** Adds a page that existed before this sandbox started, and that page-delivery already knows. */
function formerPage(org: Org, body: unknown): Page {
  const fields = new Fields(body, ['id', 'title', 'urgency', 'tags', 'team']);
  const { id, handle } = teamIn(org, fields.text('team'));
  const input = {
    title: fields.text('title'),
    description: null,
    urgency: fields.oneOf('urgency', pageUrgencies),
    tags: fields.optionalTexts('tags') ?? [],
    target: { type: 'team_id', identifier: id },
    team: { id, handle },
  };
  return org.pages.create(fields.text('id'), input, responderOf(org), org.dependencies.now());
}

function pageIn(org: Org, id: string): Page {
  const page = org.pages.find(id);
  if (!page) throw unknown('page', id);
  return page;
}
