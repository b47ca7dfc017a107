import type { Failure } from '@pagebridge/destination';
import { type Clock, type Log, namesWithin } from '@pagebridge/vocabulary';
import { usableTeam } from '../../domain/team.ts';
import type { Credentials } from './credentials.ts';
import { readRules, type TeamRules } from './rules/rules-reader.ts';

/** So long a handle that was not found is not looked up again. */
const notFoundMs = 30_000;
/** So many handles are remembered as not found. */
const mostRemembered = 1000;

/** Lets through so many in a minute: the look-ups of one destination org share it. */
export class PerMinute {
  private times: number[] = [];

  constructor(
    private readonly most: number,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
  ) {}

  take(): boolean {
    const now = this.clock.elapsedMs();
    this.times = this.times.filter((time) => now - time < 60_000);
    if (this.times.length >= this.most) return false;
    this.times.push(now);
    return true;
  }
}

/** Looks for single handles that somebody mentioned and nobody knows, so that they need not wait for the next round. */
export class HandleLookup {
  private readonly lookedUpAt = new Map<string, number>();

  constructor(
    private readonly directory: string,
    private readonly credentials: Credentials,
    private readonly limit: PerMinute,
    private readonly parts: { readonly clock: Pick<Clock, 'elapsedMs'>; readonly log: Log },
  ) {}

  /** False where it was not found a moment ago, or too many are looked up. */
  mayLookUp(mention: string): boolean {
    const now = this.parts.clock.elapsedMs();
    const last = this.lookedUpAt.get(mention);
    if (last !== undefined && now - last < notFoundMs) return false;
    if (!this.limit.take()) return false;
    if (this.lookedUpAt.size >= mostRemembered) this.lookedUpAt.clear();
    this.lookedUpAt.set(mention, now);
    return true;
  }

  /** The teams that a mention, without `@oncall-`, may mean, with what their rules show. */
  async lookUp(mention: string, signal: AbortSignal): Promise<TeamRules[]> {
    const names = candidates(mention);
    const keyword = [...names].reduce((shortest, name) => (name.length < shortest.length ? name : shortest), mention);
    if (keyword === '') return [];
    const { opened, failure } = await this.credentials.open(signal);
    if (!opened) return this.failed(mention, failure);
    const page = await opened.teams({ pageNumber: 0, pageSize: 100, keyword }, 'urgent');
    if (!page.ok) return this.failed(mention, page.failure);
    const teams = page.value.teams.flatMap(({ id, handle, name }) =>
      names.has(handle) ? (usableTeam({ teamId: id, teamHandle: handle, teamName: name }) ?? []) : [],
    );
    const readings = await readRules(teams, opened, 'urgent');
    const unread = readings.find(({ rules }) => rules === 'unread');
    if (unread) this.failed(mention, unread.failure);
    return readings;
  }

  /** Nobody knows whether there is such a handle: whoever mentions it next has it looked up again, within the limit. */
  private failed(mention: string, failure: Failure | undefined): [] {
    this.lookedUpAt.delete(mention);
    const detail = failure?.detail ?? 'no credential of the directory works';
    this.parts.log.info({ directory: this.directory, mention, detail }, 'looking up a handle failed');
    return [];
  }
}

/** Itself, without trailing punctuation, and each of these without a slug before it. */
function candidates(mention: string): Set<string> {
  const names = new Set<string>();
  for (const name of namesWithin(mention)) {
    names.add(name);
    const slash = name.indexOf('/');
    if (slash > 0 && slash < name.length - 1) names.add(name.slice(slash + 1));
  }
  return names;
}
