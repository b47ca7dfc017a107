import type { Clock } from '@pagebridge/vocabulary';
import { turnOf } from '../../domain/alert-topic.ts';
import { auditViewOfSettings, type Caller } from '../../domain/audit.ts';
import { entityTag } from '../../domain/entity-tag.ts';
import { fallbackWarnings, type KnownHandles, type Warning } from '../../domain/handle-warnings.ts';
import { type SettingsWish, type SourceOrgSettings, settled } from '../../domain/source-org-settings.ts';
import type { AlertTopics, Store } from '../ports.ts';
import { carriedOut, type Outcome, type Refusal, refused } from '../refusal.ts';
import { unmetPrecondition } from '../unmet-precondition.ts';

export interface SettledSourceOrg {
  readonly settings: SourceOrgSettings;
  /** Settings that were stored but have no effect at present. */
  readonly warnings: readonly Warning[];
}

/** Changes the settings of a source org: its local handles, its fallback handle, and the topic of its alerts. */
export class SettleSourceOrg {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly knownHandles: () => KnownHandles,
    private readonly alertTopics: AlertTopics,
    private readonly drainMs: number,
  ) {}

  async run(
    sourceOrg: string,
    ifMatch: string | undefined,
    wish: SettingsWish,
    caller: Caller,
  ): Promise<Outcome<SettledSourceOrg>> {
    const unfit = await this.unfitTopic(sourceOrg, ifMatch, wish.alertTopic);
    if (unfit) return refused(unfit);
    const outcome = await this.settle(sourceOrg, ifMatch, wish, caller);
    if (!outcome.ok) return outcome;
    const settings = outcome.value;
    return carriedOut({ settings, warnings: fallbackWarnings(this.knownHandles(), settings, this.clock.now()) });
  }

  // Kafka may answer slowly, so this runs outside the transaction. The version is checked first, to ask Kafka nothing in vain.
  private async unfitTopic(
    sourceOrg: string,
    ifMatch: string | undefined,
    wish: SettingsWish['alertTopic'],
  ): Promise<Refusal | undefined> {
    if (wish === undefined || wish === 'shared') return undefined;
    const { alertTopic, version } = await this.store.sourceOrg(sourceOrg);
    const unmet = unmetPrecondition(ifMatch, version, entityTag(version));
    if (unmet || alertTopic === wish) return unmet;
    const fault = await this.alertTopics.faultOf(sourceOrg);
    return fault && { reason: 'alert-topic-unfit', ...fault };
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
      const turn = turnOf(before, wish.alertTopic ?? before.alertTopic, this.drainMs);
      if (!turn || turn.at > now) return refused({ reason: 'alert-topic-both-first', readyAt: turn?.at });
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
