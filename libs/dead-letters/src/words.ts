import { isoOf } from './letters/record.ts';
import type { Decision } from './plan/forecast.ts';
import type { Planned } from './plan/plan.ts';

/** Returns what a preview says of a letter in a word: `replay`, or why it is not sent. */
export const whatOf = (decision: Decision): string => (decision.kind === 'replay' ? 'replay' : decision.reason);

/** Returns what becomes of a letter, or why it is not sent, in a sentence. */
export function whyOf(decision: Decision): string {
  if (decision.kind === 'skip') return decision.why;
  const { effect } = decision;
  if (effect.kind === 'refused') return `becomes a dead letter again: ${effect.detail}`;
  if (effect.kind !== 'joined') return whyOfEffect[effect.kind];
  const whose = effect.isBackup ? 'the open page of its backup' : 'the open page of the team';
  return `joins ${effect.pageId}, ${whose}: nobody is paged again; to create another page, use --kafka --force-new-page`;
}

const whyOfEffect = {
  routed: 'routed again',
  resolve: 'resolves the pages of its alert',
  page: 'a new attempt to page the team',
};

export const plannedAsJson = ({ letter, decision }: Planned) => ({
  ...{ name: letter.name, key: letter.key, reason: letter.reason, failedAt: isoOf(letter.failedAt) },
  verdict: whatOf(decision),
  ...(decision.kind === 'replay' ? { becomes: decision.effect.kind } : {}),
  ...(decision.kind === 'replay' && decision.effect.kind === 'joined' ? { joins: decision.effect.pageId } : {}),
  why: whyOf(decision),
});
