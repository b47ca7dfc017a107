import { handleOf, type MentionPlace } from '@pagebridge/vocabulary';
import { useQuery } from '@tanstack/react-query';
import { useMemo, useState } from 'react';
import { isTemporary, problemIn } from '../api/problem.ts';
import { offersOf, stepped } from './offers.ts';
import { offeredQuery } from './queries.ts';

/** The handles that the menu offers for what is being typed; `active` is the place of the one that Enter inserts, -1 if none. */
export function useOffers(org: string, place: MentionPlace | undefined) {
  const text = place?.query ?? '';
  const { data, error, isPlaceholderData } = useQuery(offeredQuery(org, place));
  const offers = useMemo(() => offersOf(place && data ? data.items : []), [place, data]);
  const typed = `${place?.start} ${text}`;
  const [moved, setMoved] = useState({ typed, to: -1 });
  // A handle that is there in full needs no Enter, which is then a new line.
  const full = place && place.end - place.start === handleOf(text).length ? handleOf(text) : undefined;
  const first = offers.some((offer) => offer.text === full) ? -1 : 0;
  const chosen = moved.typed === typed ? moved.to : first;
  // Former offers are only shown: a fast Enter must not insert what answers another text.
  const active = isPlaceholderData || offers.length === 0 ? -1 : chosen;
  const step = (by: 1 | -1) => setMoved({ typed, to: stepped(active, by, offers.length) });

  if (!place || offers.length > 0) return { offers, active, step };
  if (error) {
    const { service = 'handle-sync', detail, ...problem } = problemIn(error);
    const why = isTemporary({ ...problem, detail }) ? `${service} is unavailable.` : detail;
    return { offers, active, step, words: `Cannot list handles: ${why} You can keep typing.` };
  }
  const words = text ? `No handle contains "${text}".` : 'No handles yet.';
  return { offers, active, step, ...(data && !isPlaceholderData ? { words } : {}) };
}
