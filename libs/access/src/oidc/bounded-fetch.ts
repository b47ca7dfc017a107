import { bodyWithin } from '@pagebridge/process';

const maxBytes = 256 * 1024;

/** Fetches a document of an issuer. Rejects if it is larger than 256 KiB, has another status than 200, or is a redirect. */
export async function boundedFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error' });
  const body = await bodyWithin(maxBytes, response);
  if (!body) throw new Error('the response is larger than 256 KiB');
  if (response.status !== 200) throw new Error(`the response has status ${response.status}`);
  return new Response(body);
}
