import type { Route } from '../route.ts';
import { keyRoutes } from './key-routes.ts';
import { onCallRoutes } from './on-call-routes.ts';
import { pageRoutes } from './page-routes.ts';
import { scheduleRoutes } from './schedule-routes.ts';
import { teamRoutes } from './team-routes.ts';
import { userRoutes } from './user-routes.ts';
import { validateRoutes } from './validate-routes.ts';

/** All routes of the API host, which reads pages but neither creates nor changes them. */
export const apiRoutes: readonly Route[] = [
  ...validateRoutes,
  ...userRoutes,
  ...keyRoutes,
  ...teamRoutes,
  ...onCallRoutes,
  ...scheduleRoutes,
  ...pageRoutes,
];
