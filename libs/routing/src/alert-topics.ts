import { orgAlertTopicOf, ownerOf, type SourceOrg } from '@pagebridge/contracts';
import type { Refused } from './decision.ts';

interface OwnTopic {
  readonly refusesShared: boolean;
  readonly sinceMs: number;
}

/** The source orgs that own an alert topic; refuses alerts on the wrong topic. */
export class AlertTopics {
  readonly #owners = new Map<string, OwnTopic>();
  #revision = 0;

  /** A number that grows whenever the list of owners changes. */
  get revision(): number {
    return this.#revision;
  }

  get topics(): string[] {
    return [...this.#owners.keys()].map(orgAlertTopicOf).sort();
  }

  isOwner(sourceOrg: string): boolean {
    return this.#owners.has(sourceOrg);
  }

  /** Applies the settings of an org; null if they were deleted. The caller must leave out settings older than the last ones. */
  apply(sourceOrg: string, settings: SourceOrg | null): void {
    const wasOwner = this.isOwner(sourceOrg);
    const { alertTopic = 'shared', alertTopicSince = '' } = settings ?? {};
    if (alertTopic === 'shared') this.#owners.delete(sourceOrg);
    else {
      const sinceMs = Date.parse(alertTopicSince) || 0;
      this.#owners.set(sourceOrg, { refusesShared: alertTopic === 'own', sinceMs });
    }
    if (wasOwner !== this.isOwner(sourceOrg)) this.#revision += 1;
  }

  /**
   * Returns why an alert of an org is refused on a topic; undefined if it is allowed.
   *
   * Alerts that were written to the shared topic before the org had only its own topic are allowed, however late they are read.
   */
  refusalOf(sourceOrg: string, topic: string, writtenAtMs: number): Refused | undefined {
    const owner = ownerOf(topic);
    if (owner !== undefined) return owner === sourceOrg ? undefined : foreign(sourceOrg, owner);
    const own = this.#owners.get(sourceOrg);
    if (!own?.refusesShared || writtenAtMs < own.sinceMs) return undefined;
    const detail = `The alerts of ${sourceOrg} are read only from ${orgAlertTopicOf(sourceOrg)}. Let its producer write to that topic; if this alert is genuine, write it there again.`;
    return { ok: false, reason: 'not-its-topic', detail };
  }
}

function foreign(sourceOrg: string, owner: string): Refused {
  const detail = `The topic belongs to ${owner}, but the alert names ${sourceOrg}. Find out who wrote it: only producers of ${owner} should be able to write here.`;
  return { ok: false, reason: 'foreign-source-org', detail };
}
