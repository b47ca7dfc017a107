import { Problem, type ProblemKind } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import { turnOf } from '../../domain/alert-topic.ts';
import { auditViewOfSettings, type Caller } from '../../domain/audit.ts';
import { fallbackWarnings, type KnownHandles, type Warning } from '../../domain/handle-warnings.ts';
import { type SettingsInput, type SourceOrgSettings, updated } from '../../domain/source-org-settings.ts';
import type { AlertTopics, Store, UnfitTopic } from '../ports.ts';
import { problems } from '../problems.ts';
import { requireVersion } from '../require-version.ts';

export interface UpdatedSettings {
  readonly settings: SourceOrgSettings;
  /** Settings that were stored but have no effect at present. */
  readonly warnings: readonly Warning[];
}

/** Changes the settings of a source org: its local handles, its fallback handle, and the topic of its alerts. */
export class UpdateSettings {
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
    input: SettingsInput,
    caller: Caller,
  ): Promise<UpdatedSettings> {
    await this.requireFitTopic(sourceOrg, ifMatch, input.alertTopic);
    const settings = await this.update(sourceOrg, ifMatch, input, caller);
    return { settings, warnings: fallbackWarnings(this.knownHandles(), settings, this.clock.now()) };
  }

  // Kafka may answer slowly, so this runs outside the transaction. The version is checked first, to ask Kafka nothing in vain.
  private async requireFitTopic(sourceOrg: string, ifMatch: string | undefined, input: SettingsInput['alertTopic']) {
    if (input === undefined || input === 'shared') return;
    const { alertTopic, version } = await this.store.sourceOrg(sourceOrg);
    requireVersion(ifMatch, version);
    const unfit = alertTopic === input ? undefined : await this.alertTopics.faultOf(sourceOrg);
    if (!unfit) return;
    const kind = problems[unfit.fault === 'kafka-unavailable' ? unfit.fault : 'alert-topic-unfit'];
    throw unstored(kind, `alertTopic requires the org's own topic: ${unfit.detail}`, topicCures[unfit.fault]);
  }

  private update(
    sourceOrg: string,
    ifMatch: string | undefined,
    input: SettingsInput,
    caller: Caller,
  ): Promise<SourceOrgSettings> {
    return this.store.transaction(async (unit) => {
      const before = await unit.lockSourceOrg(sourceOrg);
      requireVersion(ifMatch, before.version);
      const now = this.clock.now();
      const turn = turnOf(before, input.alertTopic ?? before.alertTopic, this.drainMs);
      if (!turn || turn.at > now) throw bothFirst(turn?.at);
      const after = updated(before, input, now);
      if (after === before) return before;
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
      return after;
    });
  }
}

const topicCures: Readonly<Record<UnfitTopic['fault'], string>> = {
  'kafka-unavailable': 'Retry the request.',
  unseen:
    'Create the topic with `pagebridge topics create --org <org>`, and add the ACLs that `pagebridge acls --org <org>` prints.',
  partitions: 'Delete the topic, and create it again with `pagebridge topics create --org <org>`.',
};

function bothFirst(readyAt: Date | undefined): Problem {
  const kind = problems['alert-topic-both-first'];
  if (!readyAt) {
    const message = 'alertTopic cannot change directly between shared and own: alerts may be in flight';
    return unstored(kind, message, 'Set alertTopic to both first.');
  }
  const message = 'alertTopic was set to both too recently: alerts may be in flight on the topic to be dropped';
  return unstored(kind, message, `Retry at ${readyAt.toISOString()} or later.`);
}

function unstored(kind: ProblemKind, message: string, cure: string): Problem {
  const errors = [{ field: 'alertTopic', message, cure }];
  return new Problem({ ...kind, detail: `${message}. Nothing was stored. ${cure}`, errors });
}
