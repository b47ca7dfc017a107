import type { Occurrence, PageCommand, UnroutedHandle } from '@pagebridge/contracts';
import { Answers } from './answers.ts';
import { counts, type Evidence, happened } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Entry } from './history.ts';

// A busy machine may read a handle too late if it becomes known within the last minute.
const marginMs = 60_000;

/** Returns whether the handle of a page became known after its alert was routed. */
export const isLate = ({ tags }: PageCommand): boolean => tags.includes('late');

/** Finds late pages that came wrongly, too late, or not at all. */
export function late(evidence: Evidence): Finding[] {
  return [...unfounded(evidence), ...overtaken(evidence), ...missed(evidence)];
}

const latePages = ({ history }: Evidence) =>
  history.commands.filter((entry): entry is Entry<PageCommand> => entry.data.kind === 'page' && isLate(entry.data));

/** Finds late pages of handles without a record that they were waiting. */
function unfounded(evidence: Evidence): Finding[] {
  return latePages(evidence).flatMap((page): Finding[] => {
    if (waitsOf(evidence, page).some(({ timestamp }) => timestamp <= page.timestamp)) return [];
    const detail = `late, and no record says that ${page.data.handle} waited`;
    return [{ kind: 'orderViolation', rule: 'O5', key: page.key, id: page.data.pageId, detail }];
  });
}

/** Finds late pages after a resolve that counts for their alert. Only the ledger can have kept them from paging. */
function overtaken(evidence: Evidence): Finding[] {
  return latePages(evidence).flatMap((page): Finding[] => {
    const [waited] = waitsOf(evidence, page);
    const trigger = waited ? fired(waited) : happened(page);
    const before = evidence
      .resolvesOf(page.key)
      .find((resolve) => resolve.offset < page.offset && counts(resolve, trigger));
    if (!before) return [];
    const detail = `late, at offset ${page.offset}, behind the resolve at ${before.offset}`;
    return [{ kind: 'orderViolation', rule: 'O6', key: page.key, id: page.data.pageId, detail }];
  });
}

/** Finds waiting handles that became known in time and for good, without a recovery before, and still paged nobody. */
function missed(evidence: Evidence): Finding[] {
  const answers = new Answers(evidence.history);
  return waiting(evidence).flatMap((entry): Finding[] => {
    const { key, timestamp, data } = entry;
    const knownAt = evidence.known.knownSince(data.sourceOrg, data.handle);
    if (knownAt === undefined || knownAt < timestamp || knownAt > Date.parse(data.waitingUntil) - marginMs) return [];
    const hasRecovered = evidence
      .resolvesOf(key)
      .some((resolve) => counts(resolve, fired(entry)) && resolve.timestamp < knownAt + marginMs);
    if (hasRecovered || answers.pages(data.alertEventId, data.handle).length > 0) return [];
    const detail = `${data.handle} was known ${knownAt - timestamp} ms after it was unrouted, and was not paged`;
    return [{ kind: 'lost', rule: 'L10', key, id: data.alertEventId, detail }];
  });
}

type Waiting = UnroutedHandle & { readonly waitingUntil: string };

const waiting = ({ history }: Evidence) =>
  history.unrouted.filter((entry): entry is Entry<Waiting> => entry.data.waitingUntil !== undefined);

const waitsOf = (evidence: Evidence, { data: { alertEventId, handle } }: Entry<PageCommand>) =>
  waiting(evidence).filter(({ data }) => data.alertEventId === alertEventId && data.handle === handle);

const fired = ({ data: { occurredAt, alert } }: Entry<Waiting>): Occurrence => ({
  at: Date.parse(occurredAt),
  record: alert && `${alert.topic}/${alert.partition}/${alert.offset}`,
});
