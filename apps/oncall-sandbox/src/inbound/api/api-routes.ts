import type { Route } from '../route.ts';
import { keyRoutes } from './key-routes.ts';
import { onCallRoutes } from './on-call-routes.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { teamRoutes } from './team-routes.ts';
import { userRoutes } from './user-routes.ts';
import { validateRoutes } from './validate-routes.ts';

/** Everything the API host answers. Paging is not among it. */
export const apiRoutes: readonly Route[] = [
  ...validateRoutes,
  ...userRoutes,
  ...keyRoutes,
  ...teamRoutes,
  ...onCallRoutes,
  ...scheduleRoutes,
];
