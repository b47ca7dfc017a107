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

/** What an alert takes while one of its pages waits for a call, or for the answer to one; nothing if none waits. */
export interface Waits {
  /** All its pages: they take memory as long as one waits. */
  readonly pages: number;
  /** Their memory, estimated. */
  readonly bytes: number;
}

const nothing: Waits = { pages: 0, bytes: 0 };

/** Not computed from the text in which such an alert is kept: this runs at each step of a page. */
export function waitingOf(alert: AlertState | undefined): Waits {
  if (!alert?.pages.some(isBusy)) return nothing;
  const { alertKey, pages } = alert;
  // Escaped, as the text has it.
  const chosen = JSON.stringify(pages.reduce((texts, page) => texts + chosenTexts(page), alertKey));
  const characters = alertCharacters + pages.length * pageCharacters + chosen.length;
  return { pages: pages.length, bytes: widthOf(chosen) * characters + pages.length * jobBytes };
}

function chosenTexts({ alertEventId, teamHandle, title, lastError, joined, failover, failoverOf }: PageState): string {
  const backup = failover ? failover.teamHandle + failover.teamId : '';
  const first = failoverOf ? failoverOf.teamHandle + failoverOf.teamId : '';
  return `${alertEventId}${teamHandle}${title ?? ''}${lastError ?? ''}${joined.join()}${backup}${first}`;
}
