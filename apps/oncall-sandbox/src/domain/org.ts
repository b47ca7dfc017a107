import { type ApiKey, type ApplicationKey, Keys } from './access/keys.ts';
import { Roles } from './access/roles.ts';
import { Users } from './access/users.ts';
import { Faults } from './faults.ts';
import { Pages } from './on-call/pages.ts';
import { Teams } from './on-call/teams.ts';
import { RateLimit } from './rate-limit.ts';
import { RequestLog } from './request-log.ts';
import { seededId } from './seeded-id.ts';
import type { Surroundings } from './surroundings.ts';

/** How routing rules answer for a team that was never onboarded: nobody knows what the real one says. */
export const neverOnboardedAnswers = ['not-found', 'empty'] as const;
export type NeverOnboardedAnswer = (typeof neverOnboardedAnswers)[number];

/** One destination org, with everything it knows; nothing outlives the process. */
export class Org {
  readonly id: string;
  readonly name: string;
  readonly surroundings: Surroundings;
  readonly roles = new Roles();
  readonly users = new Users();
  readonly apiKeys = new Keys<ApiKey>();
  readonly applicationKeys = new Keys<ApplicationKey>();
  readonly teams = new Teams();
  readonly pages = new Pages();
  readonly faults = new Faults();
  readonly requests = new RequestLog();
  readonly rateLimits = {
    api: new RateLimit({ limit: 60_000, periodSeconds: 60, name: 'sandbox_api' }),
    paging: new RateLimit({ limit: 60_000, periodSeconds: 60, name: 'sandbox_paging' }),
  };
  neverOnboarded: NeverOnboardedAnswer = 'not-found';

  constructor(name: string, surroundings: Surroundings) {
    this.id = seededId('org', name);
    this.name = name;
    this.surroundings = surroundings;
  }
}
