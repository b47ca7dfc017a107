import { send } from '../api/client.ts';
import { eventsOf } from '../api/event-stream.ts';
import { isTemporary, ProblemError, problemOf } from '../api/problem.ts';
import { retryMs } from '../api/query-client.ts';
import { pathOf } from '../connections/queries.ts';

/** What a tab learns of an org: that something was written about an alert or a connection, or whether events come at all. */
export type News =
  | { readonly org: string; readonly alertKey?: string; readonly connectionId?: string }
  | { readonly org: string; readonly isLive: boolean };

const channelName = 'pagebridge-live';
const tellEveryMs = 5000;
const endedMs = 1000;
const refusedMs = 60_000;
/** Longer than the service is silent: it has a heartbeat every 15 s. */
const silentMs = 40_000;

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const over = AbortSignal.any([signal, AbortSignal.timeout(ms)]);
    if (over.aborted) resolve();
    over.addEventListener('abort', () => resolve());
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
    let againMs = endedMs;
    try {
      for await (const { id, data } of stream(org, after, signal)) {
        if (!isLive) tell({ org, isLive: true });
        isLive = true;
        after = id ?? after;
        tell({ org, ...data });
      }
      // The stream ends with the access token; the next one goes on after the last event.
    } catch (error) {
      // The lists are read by themselves meanwhile, and say so.
      isLive = false;
      tell({ org, isLive });
      againMs = againAfter(error);
    }
    await pause(againMs, signal);
  }
  clearInterval(timer);
}

/** What was refused stays so for longer. */
function againAfter(error: unknown): number {
  if (!(error instanceof ProblemError)) return retryMs;
  const { problem } = error;
  return Math.max(isTemporary(problem) ? retryMs : refusedMs, (problem.retryAt ?? 0) - Date.now());
}

/** Yields the events of a stream, first one that is about nothing; what came before is to be read then. Throws if it fails or is silent. */
async function* stream(org: string, after: string | undefined, signal: AbortSignal) {
  const silence = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(timer);
    timer = setTimeout(() => silence.abort(), silentMs);
  };
  try {
    const query = after === undefined ? '' : `?after=${after}`;
    const ended = AbortSignal.any([signal, silence.signal]);
    const response = await send(new Request(`${pathOf(org, 'events')}${query}`, { signal: ended }));
    if (!response.ok || !response.body) {
      throw new ProblemError(problemOf(response.status, await response.json().catch(() => undefined)));
    }
    heard();
    yield { id: undefined, data: {} };
    const body = response.body.pipeThrough(
      new TransformStream<Uint8Array<ArrayBuffer>, Uint8Array<ArrayBuffer>>({
        transform(bytes, controller) {
          heard();
          controller.enqueue(bytes);
        },
      }),
    );
    for await (const { id, data } of eventsOf(body)) yield { id, data: data as object };
  } finally {
    clearTimeout(timer);
  }
}
