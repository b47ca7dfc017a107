import { apiRoutes } from './api/api-routes.ts';
import { pagingRoutes } from './paging/paging-routes.ts';

/** Every endpoint of both hosts, by the name that limits and counts give it: `GET /api/v2/team`. */
export const endpoints: readonly string[] = [...apiRoutes, ...pagingRoutes].map(({ endpoint }) => endpoint);
