import { useDocumentVisibility } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { queryKeyOf } from '../api/query-key.ts';
import { useHistory } from '../history/queries.ts';
import { Readers } from '../look/readers.ts';
import { isAbout } from './is-about.ts';
import { follow, type News } from './stream-leader.ts';

const readAtMostEveryMs = 1000;
const hiddenForMs = 5 * 60 * 1000;
/** Longer than the tab that reads the stream is silent about it. */
const believedMs = 15_000;

const readers = new Readers();
/** The org whose events come as they happen, until nobody has said so for a while. */
let live: string | undefined;
let forget: ReturnType<typeof setTimeout> | undefined;

function learn(org: string | undefined): void {
  clearTimeout(forget);
  if (org !== undefined) forget = setTimeout(() => learn(undefined), believedMs);
  live = org;
  readers.tell();
}

/** Returns whether events of an org come as they happen. */
export const useLiveness = (org: string): boolean => useSyncExternalStore(readers.subscribe, () => live === org);

/** Returns whether the page is seen, or was a short time ago. */
function useIsLookedAt(): boolean {
  const isHidden = useDocumentVisibility() === 'hidden';
  const [isForgotten, setForgotten] = useState(false);
  useEffect(() => {
    if (!isHidden) return setForgotten(false);
    const timer = setTimeout(() => setForgotten(true), hiddenForMs);
    return () => clearTimeout(timer);
  }, [isHidden]);
  return !isForgotten;
}

/** Has what is shown of the history of an org read again when something of it has happened, at most once a second. */
export function useLive(org: string): void {
  const queries = useQueryClient();
  const isLookedAt = useIsLookedAt();
  const isOn = useHistory(org) && isLookedAt;
  useEffect(() => {
    if (!isOn) return undefined;
    const ended = new AbortController();
    let heard: News[] = [];
    let isReading = false;
    const readAgain = async () => {
      // A read that takes long is not begun anew by each event: what comes meanwhile is read afterwards.
      if (heard.length === 0 || isReading) return;
      const news = heard;
      [heard, isReading] = [[], true];
      await queries.invalidateQueries({
        queryKey: queryKeyOf('page-history'),
        predicate: ({ queryKey, state }) => isAbout(news, queryKey, state.data),
      });
      isReading = false;
    };
    const timer = setInterval(() => void readAgain(), readAtMostEveryMs);
    follow(
      org,
      (news) => {
        if ('isLive' in news) learn(news.isLive ? org : undefined);
        else heard.push(news);
      },
      ended.signal,
    );
    return () => {
      ended.abort();
      clearInterval(timer);
    };
  }, [org, isOn, queries]);
}
