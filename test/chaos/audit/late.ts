import type { PageCommand, UnroutedHandle } from '@pagebridge/contracts';
import { Answers } from './answers.ts';
import { type Evidence, happened } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { Entry } from './history.ts';

// What becomes known so shortly before its time is over may be read too late by a busy machine.
const marginMs = 60_000;

/** A page whose handle became known after its alert had fired. */
export const isLate = ({ tags }: PageCommand): boolean => tags.includes('late');

/** Handles that were unrouted, then known: pages that came too late, or not at all. */
export function late(evidence: Evidence): Finding[] {
  return [...unfounded(evidence), ...overtaken(evidence), ...missed(evidence)];
}

const latePages = ({ history }: Evidence) =>
  history.commands.filter((entry): entry is Entry<PageCommand> => entry.data.kind === 'page' && isLate(entry.data));

/** A late page of a handle of which no record says that it waited. */
function unfounded(evidence: Evidence): Finding[] {
  const waits = Map.groupBy(waiting(evidence), ({ data }) => handleIn(data));
  return latePages(evidence).flatMap((page): Finding[] => {
    const isFounded = waits.get(handleIn(page.data))?.some(({ timestamp }) => timestamp <= page.timestamp);
    if (isFounded) return [];
    const detail = `late, and no record says that ${page.data.handle} waited`;
    return [{ kind: 'orderViolation', rule: 'O5', key: page.key, id: page.data.pageId, detail }];
  });
}

/** A late page behind a resolve that its alert precedes, which only the ledger kept from paging, if it did. */
function overtaken(evidence: Evidence): Finding[] {
  return latePages(evidence).flatMap((page): Finding[] => {
    const before = evidence
      .resolvesOf(page.key)
      .find((resolve) => resolve.offset < page.offset && happened(resolve) >= happened(page));
    if (!before) return [];
    const detail = `late, at offset ${page.offset}, behind the resolve at ${before.offset}`;
    return [{ kind: 'orderViolation', rule: 'O6', key: page.key, id: page.data.pageId, detail }];
  });
}

/** A handle that became known in time and for good, of an alert that did not recover before, and yet paged nobody. */
function missed(evidence: Evidence): Finding[] {
  const answers = new Answers(evidence.history);
  return waiting(evidence).flatMap(({ key, timestamp, data }): Finding[] => {
    const knownAt = evidence.known.knownSince(data.sourceOrg, data.handle);
    if (knownAt === undefined || knownAt < timestamp || knownAt > Date.parse(data.waitingUntil) - marginMs) return [];
    const hasRecovered = evidence
      .resolvesOf(key)
      .some((resolve) => happened(resolve) >= Date.parse(data.occurredAt) && resolve.timestamp < knownAt + marginMs);
    if (hasRecovered || answers.pages(data.alertEventId, data.handle).length > 0) return [];
    const detail = `${data.handle} was known ${knownAt - timestamp} ms after it was unrouted, and was not paged`;
    return [{ kind: 'lost', rule: 'L10', key, id: data.alertEventId, detail }];
  });
}

type Waiting = UnroutedHandle & { readonly waitingUntil: string };

const waiting = ({ history }: Evidence) =>
  history.unrouted.filter((entry): entry is Entry<Waiting> => entry.data.waitingUntil !== undefined);

const handleIn = ({ alertEventId, handle }: Pick<PageCommand, 'alertEventId' | 'handle'>): string =>
  `${alertEventId} ${handle}`;
