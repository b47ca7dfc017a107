import { apiRoutes } from './api/api-routes.ts';
import { pagingRoutes } from './paging/paging-routes.ts';

/** The endpoints of both hosts, by the names that limits and counts use: `GET /api/v2/team`. */
export const endpoints: readonly string[] = [
  ...new Set([...apiRoutes, ...pagingRoutes].map(({ endpoint }) => endpoint)),
];
