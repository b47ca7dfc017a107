import { printable } from '@pagebridge/vocabulary';

/** What page-routing's `POST /v1/explain` answers, as far as people read it. */
export interface Explanation {
  readonly alert: string;
  readonly refused?: { readonly reason: string; readonly detail: string };
  readonly note?: string;
  readonly decisions: readonly Decision[];
}

export interface Decision {
  readonly kind: 'page' | 'same-page' | 'unrouted' | 'resolve';
  readonly mention?: string;
  readonly matched?: string;
  readonly connection?: { readonly name: string; readonly slug: string };
  readonly team?: { readonly teamHandle: string };
  readonly contenders?: readonly Contender[];
  readonly why?: string;
  readonly failover?: { readonly teamHandle: string; readonly detail?: string };
  readonly urgency?: string;
  readonly reason?: string;
  readonly detail?: string;
  readonly waitingUntil?: string;
}

interface Contender {
  readonly connectionName: string;
  readonly teamHandle: string;
  readonly qualifiedHandle: string;
  readonly paged: boolean;
}

const matches: Readonly<Record<string, string>> = {
  qualified: 'by the slug of the connection',
  renamed: 'by a former handle of the team',
  fallback: 'as the fallback of the org',
};

/** Returns an explanation for people: a line for each handle, and below it why, and what to do. */
export function textOfExplanation({ alert, refused, note, decisions }: Explanation): string {
  const lines = [
    ...(refused ? [`${alert} would be refused: ${refused.detail} (${refused.reason})`] : []),
    ...(note === undefined ? [] : [note]),
    ...decisions.flatMap((its) => [headOf(its), ...reasonsOf(its).map((reason) => `  ${reason}`)]),
  ];
  return `${lines.map(printable).join('\n')}\n`;
}

function headOf({ kind, mention, connection, team, urgency, reason }: Decision): string {
  const who = mention === undefined ? 'The alert' : `@oncall-${mention}`;
  const over = `over ${connection?.name} (${connection?.slug})`;
  if (kind === 'page') return `${who} pages ${team?.teamHandle} ${over}, urgency ${urgency}`;
  if (kind === 'same-page') return `${who} means ${team?.teamHandle} ${over} too, which is paged already`;
  return kind === 'resolve' ? `${who} resolves its pages ${over}` : `${who} pages nobody (${reason})`;
}

function reasonsOf({ matched = '', contenders = [], why, failover, detail, waitingUntil }: Decision): string[] {
  const others = contenders.filter(({ paged }) => !paged);
  return [
    ...(matches[matched] === undefined ? [] : [`matched ${matches[matched]}`]),
    ...(detail === undefined ? [] : [detail]),
    ...(waitingUntil === undefined ? [] : [`waits until ${waitingUntil}, and pages late if it becomes known`]),
    ...(why === undefined ? [] : [why]),
    ...others.map((its) => `not ${its.teamHandle} over ${its.connectionName}: that is ${its.qualifiedHandle}`),
    ...(failover ? [failover.detail ?? `backup: ${failover.teamHandle}`] : []),
  ];
}

/** Returns those of the expected teams or handles that the alert would not page. */
export function notPaged({ decisions }: Explanation, expected: readonly string[]): string[] {
  const paged = decisions.flatMap(({ kind, mention = '', team, connection }) =>
    kind === 'page' || kind === 'same-page'
      ? [mention, team?.teamHandle, `${connection?.slug}/${team?.teamHandle}`]
      : [],
  );
  return expected.filter((handle) => !paged.includes(handle.replace(/^@oncall-/, '')));
}
