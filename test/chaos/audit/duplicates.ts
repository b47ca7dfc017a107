import type { PageCommand } from '@pagebridge/contracts';
import { counts, type Evidence, happened, sameTeam } from './evidence.ts';
import type { Finding } from './finding.ts';
import type { DestinationPage, Entry } from './history.ts';
import { openIn } from './order.ts';
import { wasClosedBefore } from './responders/closed-there.ts';

/** Returns the pages that responders receive twice. */
export const duplicates = (evidence: Evidence): Finding[] => [
  ...copies(evidence),
  ...parallel(evidence),
  ...bothOpen(evidence),
];

// One copy may lack the tag, whichever arrived first, if all others have it.
function copies(evidence: Evidence): Finding[] {
  return [...evidence.copies].flatMap(([pageId, all]) => {
    if (pageId === '' || all.length < 2) return [];
    const key = evidence.pages.get(pageId)?.key ?? '';
    const untagged = all.filter(({ tagged }) => !tagged).length;
    const silent = Math.max(0, untagged - 1);
    const named = (page: DestinationPage) => `${page.id}${page.tagged ? ' (tagged)' : ''}`;
    const detail = `${all.length} pages in ${all[0]?.org}: ${all.map(named).join(', ')}`;
    return Array.from({ length: all.length - 1 }, (_, index): Finding => {
      const kind = index < silent ? 'duplicateUntagged' : 'duplicateTagged';
      return { kind, rule: 'D1', key, id: pageId, detail };
    });
  });
}

/** Finds two page commands of one team that both paged, although the second should have joined the first. */
function parallel(evidence: Evidence): Finding[] {
  return [...evidence.pages.values()].flatMap((second) => {
    if (second.data.failoverOf || !paged(evidence, second)) return [];
    const first = evidence
      .commandsOf(second.key)
      .findLast((other) => other.offset < second.offset && sameTeam(other.data, second.data) && paged(evidence, other));
    if (!first || mayFollow(evidence, first, second)) return [];
    const detail = `the page of ${first.data.pageId} was open, and no recovery stands between the two`;
    return [{ kind: 'duplicateUntagged', rule: 'D2', key: second.key, id: second.data.pageId, detail }];
  });
}

/** Finds pages and backups that are both open, although one should have superseded the other. */
function bothOpen(evidence: Evidence): Finding[] {
  return [...evidence.pages.values()].flatMap((page) => {
    const open = page.data.failoverOf ? [] : openIn(evidence, page);
    const unresolved = open.filter(({ data }) => evidence.outcome(data.pageId, 'unresolved'));
    if (open.length - unresolved.length < 2) return [];
    const detail = `open at once: ${open.map(({ data }) => data.pageId).join(', ')}`;
    return [{ kind: 'duplicateUntagged', rule: 'D3', key: page.key, id: page.data.pageId, detail }];
  });
}

const paged = (evidence: Evidence, page: Entry<PageCommand>): boolean =>
  evidence.failoverGroupOf(page).some(({ data }) => evidence.final(data.pageId)?.outcome === 'delivered');

const mayFollow = (evidence: Evidence, first: Entry<PageCommand>, second: Entry<PageCommand>): boolean =>
  (first.data.urgency === 'low' && second.data.urgency === 'high') ||
  wasClosedBefore(evidence, first, second) ||
  evidence
    .resolvesOf(first.key)
    .some((it) => counts(it, happened(first)) && it.offset > first.offset && it.offset < second.offset);
