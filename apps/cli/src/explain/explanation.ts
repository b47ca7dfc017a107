import { printable } from '@pagebridge/vocabulary';
import { type Item, textAt } from '../output/items.ts';

/** What page-routing's `POST /v1/explain` answers; what a decision has, its OpenAPI document says. */
export interface Explanation {
  readonly alert: string;
  readonly refused?: { readonly reason: string; readonly detail: string };
  readonly note?: string;
  readonly decisions: readonly Item[];
}

const matches: Readonly<Record<string, string>> = {
  qualified: 'matched by the slug of the connection',
  renamed: 'matched by a previous handle of the team',
  fallback: 'matched as the fallback of the org',
};

/** Returns an explanation for people: a line for each handle, and below it why, and what to do. */
export function textOfExplanation({ alert, refused, note, decisions }: Explanation): string {
  const lines = [
    refused && `${alert} would be rejected: ${refused.detail} (${refused.reason})`,
    note,
    ...decisions.flatMap((its) => [headOf(its), ...reasonsOf(its).map((reason) => `  ${reason}`)]),
  ];
  return lines.flatMap((line) => (line ? `${printable(line)}\n` : [])).join('');
}

function headOf(its: Item): string {
  const who = 'mention' in its ? `@oncall-${its.mention}` : 'The alert';
  const team = textAt(its, 'team.teamHandle');
  const over = `over ${textAt(its, 'connection.name')} (${textAt(its, 'connection.slug')})`;
  if (its.kind === 'page') return `${who} pages ${team} ${over}, urgency ${its.urgency}`;
  if (its.kind === 'same-page') return `${who} also means ${team} ${over}, which is already paged`;
  return its.kind === 'resolve' ? `${who} resolves its pages ${over}` : `${who} pages nobody (${its.reason})`;
}

function reasonsOf(its: Item): string[] {
  const others = ((its.contenders ?? []) as readonly Item[]).filter(({ paged }) => !paged);
  const backup = textAt(its, 'failover.teamHandle');
  return [
    matches[textAt(its, 'matched')] ?? '',
    textAt(its, 'detail'),
    'waitingUntil' in its ? `pages late if the handle becomes known before ${its.waitingUntil}` : '',
    textAt(its, 'why'),
    ...others.map((its) => `not paged: ${its.teamHandle} over ${its.connectionName}; use ${its.qualifiedHandle}`),
    textAt(its, 'failover.detail') || (backup && `backup: ${backup}`),
  ].filter((reason) => reason !== '');
}

/** Returns the decisions by which somebody who is meant is paged, and not the fallback of an org in place of a handle that nobody knows. */
export const meantPages = ({ decisions }: Explanation): Item[] =>
  decisions.filter(({ kind, matched }) => (kind === 'page' || kind === 'same-page') && matched !== 'fallback');

/** Returns those of the expected teams or handles that the alert would not page. */
export function notPaged(explanation: Explanation, expected: readonly string[]): string[] {
  const paged = meantPages(explanation).flatMap((its) => {
    const team = textAt(its, 'team.teamHandle');
    return [textAt(its, 'mention'), team, `${textAt(its, 'connection.slug')}/${team}`];
  });
  return expected.filter((handle) => !paged.includes(handle.replace(/^@oncall-/, '')));
}
