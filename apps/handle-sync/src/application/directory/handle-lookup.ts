import type { Failure } from '@pagebridge/destination';
import { type Clock, type Log, namesWithin } from '@pagebridge/vocabulary';
import { usableTeam } from '../../domain/team.ts';
import type { Credentials } from './credentials.ts';
import { readRules, type TeamRules } from './rules/rules-reader.ts';

/** The time for which a handle is not looked up again. */
const repeatMs = 30_000;
/** The maximum number of handles that are remembered as looked up. */
const maxRemembered = 1000;

/** Limits lookups to a number per minute. All directories of a destination org share one limit. */
export class PerMinute {
  private times: number[] = [];

  constructor(
    private readonly most: number,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
  ) {}

  acquire(): boolean {
    const now = this.clock.elapsedMs();
    this.times = this.times.filter((time) => now - time < 60_000);
    if (this.times.length >= this.most) return false;
    this.times.push(now);
    return true;
  }
}

/** Looks up single unknown handles that were mentioned, so that they need not wait for the next round. */
export class HandleLookup {
  private readonly lookedUpAt = new Map<string, number>();

  constructor(
    private readonly directory: string,
    private readonly credentials: Credentials,
    private readonly limit: PerMinute,
    private readonly parts: { readonly clock: Pick<Clock, 'elapsedMs'>; readonly log: Log },
  ) {}

  /** Returns false if the handle was looked up recently, or if the limit is reached. Otherwise counts the lookup. */
  mayLookUp(mention: string): boolean {
    const now = this.parts.clock.elapsedMs();
    const last = this.lookedUpAt.get(mention);
    if (last !== undefined && now - last < repeatMs) return false;
    if (!this.limit.acquire()) return false;
    if (this.lookedUpAt.size >= maxRemembered) this.lookedUpAt.clear();
    this.lookedUpAt.set(mention, now);
    return true;
  }

  /** Returns the teams that a mention, without `@oncall-`, may mean, with their rules. */
  async lookUp(mention: string, signal: AbortSignal): Promise<TeamRules[]> {
    const names = candidates(mention);
    const keyword = [...names].reduce((shortest, name) => (name.length < shortest.length ? name : shortest), mention);
    if (keyword === '') return [];
    const { destination, failure } = await this.credentials.open(signal);
    if (!destination) return this.failed(mention, failure);
    const page = await destination.teams({ pageNumber: 0, pageSize: 100, keyword }, 'urgent');
    if (!page.ok) return this.failed(mention, page.failure);
    const teams = page.value.teams.flatMap(({ id, handle, name }) =>
      names.has(handle) ? (usableTeam({ teamId: id, teamHandle: handle, teamName: name }) ?? []) : [],
    );
    const readings = await readRules(teams, destination, 'urgent');
    const unread = readings.find(({ rules }) => rules === 'unread');
    if (unread) this.failed(mention, unread.failure);
    return readings;
  }

  /** Records that the destination did not answer, so that the next mention causes another lookup within the limit. */
  private failed(mention: string, failure: Failure | undefined): [] {
    this.lookedUpAt.delete(mention);
    const detail = failure?.detail ?? 'no credential of the directory is accepted';
    this.parts.log.info({ directory: this.directory, mention, detail }, 'handle lookup failed');
    return [];
  }
}

/** The mention itself, the mention without trailing punctuation, and each of these without a slug in front. */
function candidates(mention: string): Set<string> {
  const names = new Set<string>();
  for (const name of namesWithin(mention)) {
    names.add(name);
    const slash = name.indexOf('/');
    if (slash > 0 && slash < name.length - 1) names.add(name.slice(slash + 1));
  }
  return names;
}
