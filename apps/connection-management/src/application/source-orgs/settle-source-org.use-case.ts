import type { Clock } from '@pagebridge/vocabulary';
import { auditViewOfSettings, type Caller } from '../../domain/audit.ts';
import { entityTag } from '../../domain/entity-tag.ts';
import { fallbackWarnings, type KnownHandles, type Warning } from '../../domain/handle-warnings.ts';
import { type SourceOrgSettings, settled } from '../../domain/source-org-settings.ts';
import type { Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { unmetPrecondition } from '../unmet-precondition.ts';

export interface SettledSourceOrg {
  readonly settings: SourceOrgSettings;
  /** What they will not do as things stand. */
  readonly warnings: readonly Warning[];
}

type SettingsWish = Pick<SourceOrgSettings, 'localHandles' | 'fallbackHandle'>;

/** Settles which handles are a source org's own, and where unknown ones go. */
export class SettleSourceOrg {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly knownHandles: () => KnownHandles,
  ) {}

  async run(
    sourceOrg: string,
    ifMatch: string | undefined,
    wish: SettingsWish,
    caller: Caller,
  ): Promise<Outcome<SettledSourceOrg>> {
    const outcome = await this.settle(sourceOrg, ifMatch, wish, caller);
    if (!outcome.ok) return outcome;
    const settings = outcome.value;
    return carriedOut({ settings, warnings: fallbackWarnings(this.knownHandles(), settings, this.clock.now()) });
  }

  private settle(
    sourceOrg: string,
    ifMatch: string | undefined,
    wish: SettingsWish,
    caller: Caller,
  ): Promise<Outcome<SourceOrgSettings>> {
    return this.store.transaction(async (unit) => {
      const before = await unit.lockSourceOrg(sourceOrg);
      const unmet = unmetPrecondition(ifMatch, before.version, entityTag(before.version));
      if (unmet) return refused(unmet);
      const now = this.clock.now();
      const after = settled(before, wish, now);
      if (after === before) return carriedOut(before);
      await unit.saveSourceOrg(after);
      await unit.audit({
        ...caller,
        sourceOrg,
        action: 'source-org.changed',
        target: sourceOrg,
        before: auditViewOfSettings(before),
        after: auditViewOfSettings(after),
        at: now,
      });
      await unit.publish({ kind: 'source-org', settings: after, at: now });
      return carriedOut(after);
    });
  }
}
