import type { DataCenter } from '@pagebridge/vocabulary';
import { Destination } from '../src/destination.ts';
import type { CallCount } from '../src/domain/call-counts.ts';
import type { Dependencies } from '../src/domain/dependencies.ts';
import type { Fault, FaultMatch } from '../src/domain/faults.ts';
import { responderOf } from '../src/domain/on-call/on-call.ts';
import { act, type Page, type PageAction } from '../src/domain/on-call/pages.ts';
import type { Team } from '../src/domain/on-call/teams.ts';
import type { Org } from '../src/domain/org.ts';
import type { OrgConfig } from '../src/domain/org-config.ts';
import type { OrgSettings } from '../src/domain/org-settings.ts';
import type { GivenLimit } from '../src/domain/rate-limits.ts';
import { addApiKey, addApplicationKey, changeUser, revoke, userIn } from '../src/inbound/control/access-control.ts';
import { addTeam } from '../src/inbound/control/team-control.ts';
import { systemDependencies } from '../src/system-dependencies.ts';

export type { Fault, Page };

interface KeyPair {
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** An org of the sandbox inside a test: its hosts listen, and the test accesses its state directly, without a control API. */
export class SandboxOrg {
  readonly org: Org;
  readonly dataCenter: DataCenter;

  static async start(its: Partial<OrgConfig> = {}, dependencies: Partial<Dependencies> = {}): Promise<SandboxOrg> {
    const config = { org: 'globex', dataCenter: 'SANDBOX', apiPort: 0, pagingPort: 0, teams: [], ...its };
    return new SandboxOrg(
      await Destination.start(config, { ...systemDependencies, ...dependencies }, { host: '127.0.0.1' }, ''),
    );
  }

  private constructor(private readonly destination: Destination) {
    this.org = destination.org;
    this.dataCenter = destination.dataCenter();
  }

  stop(): Promise<void> {
    return this.destination.stop();
  }

  /** Returns the pair of keys whose application key has this name; there is one for each possible fault of a key. */
  credential(name = 'good'): KeyPair {
    const [apiKey, applicationKey] = [this.org.apiKeys.find('default'), this.org.applicationKeys.find(name)];
    if (!apiKey || !applicationKey) throw new Error(`there is no application key ${name}`);
    return { apiKey: apiKey.key, applicationKey: applicationKey.key };
  }

  /** Creates another valid pair of keys. */
  accept({ apiKey, applicationKey }: KeyPair): void {
    addApiKey(this.org, { name: apiKey, key: apiKey });
    addApplicationKey(this.org, { name: applicationKey, owner: 'paging-service', key: applicationKey });
  }

  /** Returns the permissions of the valid keys. */
  get permissions(): Set<string> {
    return this.org.roles.find('cross-org-paging')?.permissions ?? new Set();
  }

  /** Adds a team, on call by default. */
  add(handle: string, its: { readonly onCall?: boolean } = {}): Team {
    return addTeam(this.org, { handle, ...its });
  }

  /** Replaces all faults by this one. */
  strike(fault: Fault, match: FaultMatch = {}, times = Number.MAX_SAFE_INTEGER): void {
    this.org.faults.replace([{ match, fault, times }]);
  }

  /** Returns the number of calls that faults have struck since, answered or not. */
  get struck(): number {
    return this.org.faults.all().reduce((sum, { hits }) => sum + hits, 0);
  }

  /** Changes the strictness settings. */
  set(settings: Partial<OrgSettings>): void {
    Object.assign(this.org.settings, settings);
  }

  /** Gives each endpoint its own limit; the exceptions are named as `GET /api/v2/team`. */
  limit(everyEndpoint: GivenLimit, exceptions: Readonly<Record<string, GivenLimit>> = {}): void {
    this.org.rateLimits.change({ everyEndpoint, endpoints: exceptions });
  }

  /** Returns the number of calls by endpoint and minute. */
  get calls(): readonly CallCount[] {
    return this.org.calls.all();
  }

  /** Hides exactly these teams from the keys of this service account. */
  hide(account: string, ...handles: readonly string[]): void {
    changeUser(this.org, userIn(this.org, account), { hiddenTeams: handles });
  }

  /** Revokes the application key of this name; it works for another `revocationSeconds`. */
  revoke(name: string): void {
    revoke(this.org, this.org.applicationKeys, 'application key', name);
  }

  /** Acts on a page as a responder does in the destination's own screens. */
  respond(action: PageAction, pageId: string): void {
    const page = this.org.pages.find(pageId);
    if (!page) throw new Error(`there is no page ${pageId}`);
    act(page, action, responderOf(this.org), this.org.dependencies.now());
  }

  get pages(): readonly Page[] {
    return this.org.pages.all();
  }
}
