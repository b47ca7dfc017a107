import { orgAlertTopicOf, ownerOf, type SourceOrg } from '@pagebridge/contracts';
import type { Refused } from './decision.ts';

interface Settled {
  readonly isOwnAlone: boolean;
  readonly sinceMs: number;
}

/** Which source orgs own a topic for their alerts, and what is refused for standing on the wrong one. */
export class AlertTopics {
  readonly #owners = new Map<string, Settled>();
  #revision = 0;

  /** Grows whenever an org comes or goes. */
  get revision(): number {
    return this.#revision;
  }

  get topics(): string[] {
    return [...this.#owners.keys()].map(orgAlertTopicOf).sort();
  }

  isOwner(sourceOrg: string): boolean {
    return this.#owners.has(sourceOrg);
  }

  /** Null: the settings are gone. Who calls leaves out what is older than what is known. */
  apply(sourceOrg: string, settings: SourceOrg | null): void {
    const wasOwner = this.isOwner(sourceOrg);
    const { alertTopic = 'shared', alertTopicSince = '' } = settings ?? {};
    if (alertTopic === 'shared') this.#owners.delete(sourceOrg);
    else {
      const sinceMs = Date.parse(alertTopicSince) || 0;
      this.#owners.set(sourceOrg, { isOwnAlone: alertTopic === 'own', sinceMs });
    }
    if (wasOwner !== this.isOwner(sourceOrg)) this.#revision += 1;
  }

  /**
   * Why an alert of this org may not stand on this topic; undefined where it may.
   *
   * What was on the shared topic before its org had only its own is in flight, however late it is read.
   */
  refusalOf(sourceOrg: string, topic: string, writtenAtMs: number): Refused | undefined {
    const owner = ownerOf(topic);
    if (owner !== undefined) return owner === sourceOrg ? undefined : foreign(sourceOrg, owner);
    const settled = this.#owners.get(sourceOrg);
    if (!settled?.isOwnAlone || writtenAtMs < settled.sinceMs) return undefined;
    const detail = `The alerts of ${sourceOrg} are read from ${orgAlertTopicOf(sourceOrg)} alone. Have its producer write there; if this one was meant, have it written there again.`;
    return { ok: false, reason: 'not-its-topic', detail };
  }
}

function foreign(sourceOrg: string, owner: string): Refused {
  const detail = `The topic is that of ${owner}, and the alert names ${sourceOrg}. Find out who wrote it: only producers of ${owner} should be able to.`;
  return { ok: false, reason: 'foreign-source-org', detail };
}
