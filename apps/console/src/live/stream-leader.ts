import { send } from '../api/client.ts';
import { eventsOf } from '../api/event-stream.ts';
import { ProblemError, problemOf } from '../api/problem.ts';
import { retryMs } from '../api/query-client.ts';
import { pathOf } from '../connections/queries.ts';

/** What a tab learns of an org: that something was written about an alert or a connection, or whether events come at all. */
export type News =
  | { readonly org: string; readonly alertKey?: string; readonly connectionId?: string }
  | { readonly org: string; readonly isLive: boolean };

const channelName = 'pagebridge-live';
const tellEveryMs = 5000;
const againMs = 1000;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => {
      clearTimeout(timer);
      resolve();
    });
  });

/**
 * Tells the news of an org until the signal is aborted. Of all tabs of a browser one reads the stream and tells the others: over
 * HTTP/1.1 a browser opens six connections to an origin, and the seventh stream would keep all else waiting.
 */
export function follow(org: string, onNews: (news: News) => void, signal: AbortSignal): void {
  const channel = new BroadcastChannel(channelName);
  channel.onmessage = ({ data }: MessageEvent<News>) => data.org === org && onNews(data);
  signal.addEventListener('abort', () => channel.close());
  const tell = (news: News) => {
    if (signal.aborted) return;
    onNews(news);
    channel.postMessage(news);
  };
  void navigator.locks
    .request(`pagebridge-stream ${org}`, { signal }, () => lead(org, tell, signal))
    .catch((error: unknown) => {
      if (!signal.aborted) throw error;
    });
}

async function lead(org: string, tell: (news: News) => void, signal: AbortSignal): Promise<void> {
  let isLive = false;
  let after: string | undefined;
  // A tab that opens later learns it, too.
  const timer = setInterval(() => tell({ org, isLive }), tellEveryMs);
  while (!signal.aborted) {
    try {
      const query = after === undefined ? '' : `?after=${after}`;
      const response = await send(new Request(`${pathOf(org, 'events')}${query}`, { signal }));
      if (!response.ok || !response.body) throw new ProblemError(problemOf(response.status, undefined));
      isLive = true;
      tell({ org, isLive });
      // What came before is read once; then only what is told.
      if (after === undefined) tell({ org });
      for await (const { id, data } of eventsOf(response.body)) {
        after = id;
        tell({ org, ...(data as object) });
      }
      // The stream ends with the access token; the next one goes on after the last event.
      await pause(againMs, signal);
    } catch {
      // The lists are read by themselves meanwhile, and say so.
      isLive = false;
      tell({ org, isLive });
      await pause(retryMs, signal);
    }
  }
  clearInterval(timer);
}
