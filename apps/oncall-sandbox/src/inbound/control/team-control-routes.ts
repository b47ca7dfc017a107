import { Router } from 'express';
import type { Org } from '../../domain/org.ts';
import { addTeam, changeTeam, replaceTeams, teamIn } from './team-control.ts';

/** The routes of teams; `:id` is an id or a handle. */
export function teamControlRoutes(org: Org): Router {
  const router = Router();
  router.get('/teams', (_request, response) => response.json(org.teams.all()));
  router.put('/teams', ({ body }, response) => response.json(replaceTeams(org, body)));
  router.post('/teams', ({ body }, response) => response.status(201).json(addTeam(org, body)));
  router.get('/teams/:id', ({ params }, response) => response.json(teamIn(org, params.id)));
  router.patch('/teams/:id', ({ params, body }, response) =>
    response.json(changeTeam(org, teamIn(org, params.id), body)),
  );
  router.delete('/teams/:id', ({ params }, response) => {
    org.teams.remove(teamIn(org, params.id));
    response.status(204).end();
  });
  for (const [action, state] of [['onboard', 'on-call'] as const, ['unonboard', 'emptied'] as const])
    router.post(`/teams/:id/${action}`, ({ params }, response) => {
      const team = teamIn(org, params.id);
      team.onCall = state;
      response.json(team);
    });
  return router;
}
