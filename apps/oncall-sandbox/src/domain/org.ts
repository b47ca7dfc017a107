import { type ApiKey, type ApplicationKey, Keys } from './access/keys.ts';
import { Roles } from './access/roles.ts';
import { Users } from './access/users.ts';
import { CallCounts } from './call-counts.ts';
import type { Dependencies } from './dependencies.ts';
import { Faults } from './faults.ts';
import { Pages } from './on-call/pages.ts';
import { Teams } from './on-call/teams.ts';
import { lenient, type OrgSettings } from './org-settings.ts';
import { RateLimits } from './rate-limits.ts';
import { RequestLog } from './request-log.ts';
import { seededId } from './seeded-id.ts';

/** One destination org with all its state, which is lost when the process ends. */
export class Org {
  readonly id: string;
  readonly name: string;
  readonly dependencies: Dependencies;
  readonly roles = new Roles();
  readonly users = new Users();
  readonly apiKeys = new Keys<ApiKey>();
  readonly applicationKeys = new Keys<ApplicationKey>();
  readonly teams = new Teams();
  readonly pages = new Pages();
  readonly faults = new Faults();
  readonly requests = new RequestLog();
  readonly calls = new CallCounts();
  readonly rateLimits = new RateLimits();
  readonly settings: OrgSettings = { ...lenient };

  constructor(name: string, dependencies: Dependencies) {
    this.id = seededId('org', name);
    this.name = name;
    this.dependencies = dependencies;
  }
}
