import { actorOf, ownIssuer, type Policy, rulesByOrg } from '@pagebridge/access';
import { noSourceOrg } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import type { Store } from '../ports.ts';

// Nobody asks for a change of the policy: whoever writes the file makes it.
const file: Caller = {
  actor: actorOf({ issuer: ownIssuer, subject: 'access-policy' }),
  onBehalfOf: null,
  requestId: '',
};

/**
 * Records each change of the access policy in the audit of the source orgs that it concerns, once: the database has what was recorded
 * last, so that neither another instance nor a restart repeats it. What concerns all orgs is recorded without a source org.
 */
export class AuditPolicy {
  private taken: Policy | undefined;

  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly inForce: () => Policy | undefined,
  ) {}

  /** Does nothing unless the policy is another one than at the last call. Rejects with StoreUnavailable; the next call then continues. */
  async run(): Promise<void> {
    const policy = this.inForce();
    if (!policy || policy === this.taken) return;
    this.taken = policy;
    try {
      const [before, after] = [await this.store.policyRules(), rulesByOrg(policy)];
      for (const org of new Set([...before.keys(), ...after.keys()])) {
        const rules = after.get(org) ?? [];
        if (!isSame(before.get(org), rules)) await this.record(org, rules);
      }
    } catch (error) {
      this.taken = undefined;
      throw error;
    }
  }

  private record(org: string, rules: readonly string[]): Promise<void> {
    return this.store.transaction(async (unit) => {
      const former = await unit.lockPolicyRules(org);
      if (isSame(former, rules)) return;
      await unit.savePolicyRules(org, rules);
      const sourceOrg = org === '*' ? noSourceOrg : org;
      const views = { before: former ? { rules: former } : null, after: { rules } };
      const entry = { ...file, sourceOrg, action: 'access-policy.changed', target: sourceOrg, ...views } as const;
      await unit.audit({ ...entry, at: this.clock.now() });
    });
  }
}

const isSame = (a: readonly string[] | undefined, b: readonly string[]): boolean =>
  JSON.stringify(a) === JSON.stringify(b);
