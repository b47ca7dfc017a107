import type { DataCenter } from '@pagebridge/vocabulary';
import express, { type ErrorRequestHandler, type Express } from 'express';
import type { Org } from '../../domain/org.ts';
import { InvalidInput } from '../../fields.ts';
import { credentialsView } from './access-control.ts';
import { accessControlRoutes } from './access-control-routes.ts';
import { pageControlRoutes } from './page-control-routes.ts';
import { switchControlRoutes } from './switch-control-routes.ts';
import { teamControlRoutes } from './team-control-routes.ts';

/** A running org as the control API shows it, with its part of the routes. */
export interface ControlledOrg {
  readonly org: Org;
  readonly control: express.Router;
  view(): object;
  /** As the services' catalogue has it. */
  dataCenter(): DataCenter;
}

/** The orgs that run, and how another one is started as a request wishes it. */
export interface ControlledOrgs {
  all(): readonly ControlledOrg[];
  find(name: string): ControlledOrg | undefined;
  wish(wish: unknown): Promise<ControlledOrg>;
}

/** Serves the control API of all orgs, each under `/orgs/<org>`. It requires no key, so it must listen on the loopback only. */
export function controlApp(orgs: ControlledOrgs): Express {
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use(express.json({ limit: '32mb', strict: false, type: () => true }));
  app.get('/orgs', (_request, response) => response.json(orgs.all().map((destination) => destination.view())));
  app.post('/orgs', async ({ body }, response) => {
    const started = await orgs.wish(body);
    const [view, dataCenter, credentials] = [started.view(), started.dataCenter(), credentialsView(started.org)];
    response.status(201).json({ org: view, dataCenter, credentials });
  });
  app.get('/calls', (_request, response) =>
    response.json(orgs.all().flatMap(({ org }) => org.calls.all().map((count) => ({ org: org.name, ...count })))),
  );
  app.use('/orgs/:org', (request, response, next) => {
    const destination = orgs.find(request.params.org);
    if (!destination) return void response.status(404).json({ error: `There is no org ${request.params.org} here.` });
    if (request.url === '/' && request.method === 'GET') return void response.json(destination.view());
    destination.control(request, response, next);
  });
  app.use((request, response) =>
    response.status(404).json({ error: `There is no ${request.method} ${request.path}.` }),
  );
  app.use(refused);
  return app;
}

/** Returns the control routes of one org. */
export function orgControl(org: Org): express.Router {
  const routes = [pageControlRoutes, teamControlRoutes, accessControlRoutes, switchControlRoutes];
  return express.Router().use(...routes.map((routesOf) => routesOf(org)));
}

// A ControlRefusal has a status, and so has the error of Express for malformed JSON. Any other error is a defect of ours.
const refused: ErrorRequestHandler = (error: Error & { status?: number }, _request, response, _next) => {
  const status = error instanceof InvalidInput ? 400 : (error.status ?? 500);
  response.status(status).json({ error: error.message });
};
