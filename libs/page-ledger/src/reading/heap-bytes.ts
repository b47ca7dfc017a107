import type { AlertState, PageState } from '@pagebridge/contracts';
import { isBusy } from '../page.ts';

// V8 stores a text with two bytes for each character if one character is above U+00FF.
const widthOf = (text: string): number => (/[\u0100-\uffff]/.test(text) ? 2 : 1);

/** Returns the memory of the characters of a text, in bytes. */
export const textBytes = (text: string): number => widthOf(text) * text.length;

// The characters of an idle alert, and of each of its pages, beside those texts that a producer or a destination chooses.
const alertCharacters = 200;
const pageCharacters = 700;
// The job of a page in its lane, and the map entries of both; measured.
const jobBytes = 750;

/**
 * Returns the memory that an alert takes while one of its pages waits for a call, estimated in bytes; 0 if none waits.
 *
 * All pages of such an alert are kept as one text. Not computed from that text: this runs at each step of a page.
 */
export function waitingBytes({ alertKey, pages }: AlertState): number {
  if (!pages.some(isBusy)) return 0;
  // Escaped, as the text has it.
  const chosen = JSON.stringify(pages.reduce((texts, page) => texts + chosenTexts(page), alertKey));
  const characters = alertCharacters + pages.length * pageCharacters + chosen.length;
  return widthOf(chosen) * characters + pages.length * jobBytes;
}

function chosenTexts({ alertEventId, teamHandle, title, lastError, joined, failover, failoverOf }: PageState): string {
  const backup = failover ? failover.teamHandle + failover.teamId : '';
  const first = failoverOf ? failoverOf.teamHandle + failoverOf.teamId : '';
  return `${alertEventId}${teamHandle}${title ?? ''}${lastError ?? ''}${joined.join()}${backup}${first}`;
}
