import { teamHandlePattern } from '@pagebridge/vocabulary';
import type { Versioned } from '../api/client.ts';
import type { components } from '../api/generated/connection-management.d.ts';

export type SourceOrg = components['schemas']['SourceOrgAnswer'];
type SourceOrgInput = components['schemas']['SourceOrgInput'];
export type AlertTopicUse = SourceOrg['alertTopic'];

/** Settings as they are typed, and those that they change. */
export interface Draft {
  readonly base: Versioned<SourceOrg>;
  /** One a line. */
  readonly localHandles: string;
  readonly fallbackHandle: string;
  readonly alertTopic: AlertTopicUse;
}

/** Returns the draft that changes nothing. */
export const draftOf = (base: Versioned<SourceOrg>): Draft => ({
  base,
  localHandles: base.value.localHandles.join('\n'),
  fallbackHandle: base.value.fallbackHandle ?? '',
  alertTopic: base.value.alertTopic,
});

/** Returns what a draft would store. */
export const inputOf = ({ localHandles, fallbackHandle, alertTopic }: Draft): SourceOrgInput => ({
  localHandles: handlesIn(localHandles),
  fallbackHandle: withoutPrefix(fallbackHandle) || null,
  alertTopic,
});

/** Returns whether a draft changes something. */
export const isChanged = (draft: Draft): boolean =>
  JSON.stringify(inputOf(draft)) !== JSON.stringify(inputOf(draftOf(draft.base)));

/** Returns the draft that makes the same changes to other settings: what it does not change is as in those. */
export function rebased(draft: Draft, base: Draft['base']): Draft {
  const was = draftOf(draft.base);
  const changed = Object.entries(draft).filter(([field, value]) => value !== was[field as keyof Draft]);
  return { ...draftOf(base), ...Object.fromEntries(changed), base };
}

/** Returns the team handle that a mention or a handle names. */
export const withoutPrefix = (text: string): string => text.trim().replace(/^@oncall-/i, '');

/** Returns the distinct handles of a text, one a line; those that are written as mentions, too. */
export const handlesIn = (text: string): string[] => [
  ...new Set(
    text
      .split('\n')
      .map(withoutPrefix)
      .filter((handle) => handle !== ''),
  ),
];

const teamHandle = new RegExp(teamHandlePattern);

/** Returns what is wrong with the handles of a text: the first line that is none; undefined if all are handles. */
export function handleFaultIn(text: string): string | undefined {
  const lines = text.split('\n').map(withoutPrefix);
  const index = lines.findIndex((line) => line !== '' && !teamHandle.test(line));
  if (index < 0) return undefined;
  return `Line ${index + 1}: "${lines[index]}" is not a team handle. Use a-z 0-9 . _ - : /, with one handle per line.`;
}
