import type { State } from '../look/state-mark.tsx';
import type { Draft } from './draft.ts';
import type { Decision } from './queries.ts';

/** A decision in words. */
export interface Words {
  readonly state: State;
  readonly word: string;
  /** What the handle does, after its name. */
  readonly says: string;
  /** The reasons, and for a handle that pages nobody the cure. */
  readonly details: readonly string[];
}

const refusals: Record<NonNullable<Decision['reason']>, readonly [State, string]> = {
  'unknown-handle': ['unknown', 'Unknown'],
  'registry-incomplete': ['unknown', 'Not loaded yet'],
  local: ['disabled', 'Local'],
  'connection-disabled': ['disabled', 'Disabled'],
  'manual-origin': ['not-paged', 'Rejected'],
};

const matches: Record<NonNullable<Decision['matched']>, string> = {
  exact: 'exact',
  qualified: 'by the slug of the connection',
  renamed: 'by a previous handle of the team',
  fallback: 'unknown handle, so the fallback is paged',
};

/** Returns a decision of page-routing in words. */
export function wordsOf(decision: Decision): Words {
  const { kind, matched = 'exact', reason = 'unknown-handle', team, connection, urgency, detail } = decision;
  const says = `team ${team?.teamHandle} over ${connection?.name}`;
  switch (kind) {
    case 'page': {
      const its = matched === 'fallback' ? { state: 'warning', word: 'Fallback' } : { state: 'paged', word: 'Page' };
      return { ...its, says, details: [matches[matched], `urgency ${urgency}`, backupOf(decision)] } as Words;
    }
    case 'same-page':
      return { state: 'paged', word: 'Same page', says, details: [matches[matched]] };
    case 'unrouted': {
      const [state, word] = refusals[reason];
      return { state, word, says: decision.waitingUntil ? '' : 'pages nobody', details: detail ? [detail] : [] };
    }
    case 'resolve':
      return {
        state: 'resolved',
        word: 'Resolve',
        says: 'the pages of the alert, regardless of its text',
        details: [],
      };
  }
}

function backupOf({ failover }: Decision): string {
  if (!failover) return 'backup: none';
  const { teamHandle, afterSeconds = 120, afterFailures, reason, detail } = failover;
  if (reason) return `no backup: ${detail ?? reason}`;
  return `backup: ${teamHandle} after ${afterSeconds} s${afterFailures ? ` or ${afterFailures} failures` : ''}`;
}

/** Returns how many decisions end alike: `2 pages, 1 unknown`. */
export const summaryOf = (decisions: readonly Decision[]): string =>
  [...Map.groupBy(decisions, (decision) => wordsOf(decision).word.toLowerCase())]
    .map(([word, { length }]) => `${length} ${word}${length > 1 && word === 'page' ? 's' : ''}`)
    .join(', ');

/** Returns why nothing is decided, for a text without handles in the words of the console. */
export const noteOf = (note: string, { transition, origin }: Draft): string =>
  transition === 'recovered' || origin === 'manual' ? note : 'The text has no @oncall- handle, so it pages nobody.';
