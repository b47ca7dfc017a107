import type { State } from '../look/state-mark.tsx';
import type { DeadLetter, Verdict } from './queries.ts';

const kinds: Readonly<Record<string, string>> = {
  'paging.alerts.v1': 'Alert',
  'paging.page-commands.v1': 'Page',
};

/** What a dead letter was to become, by the topic of its original. */
export const kindOf = ({ of: { topic } }: DeadLetter): string =>
  kinds[topic] ?? (topic.startsWith('paging.org-alerts.v1.') ? 'Alert' : 'Record');

/** What becomes of a letter: a state, and the word for it. */
export function markOf({ verdict, becomes }: Verdict): { readonly state: State; readonly word: string } {
  const isSilent = becomes === 'joined' || becomes === 'refused';
  switch (verdict) {
    case 'replay':
      return isSilent
        ? { state: 'warning', word: 'Will be sent, pages nobody' }
        : { state: 'waiting', word: 'Will be sent' };
    case 'sent':
      return isSilent ? { state: 'warning', word: 'Sent, pages nobody' } : { state: 'passed', word: 'Sent' };
    case 'refused':
      return { state: 'failed', word: 'Rejected by Kafka' };
    case 'lost':
      return { state: 'unknown', word: 'Not found' };
    default:
      return { state: 'skipped', word: 'Skipped' };
  }
}

/** `1 dead letter`, `2 dead letters` */
export const countOf = (count: number): string => `${count} dead ${count === 1 ? 'letter' : 'letters'}`;
