import { bodyWithin } from '../body-within.ts';

const maxBytes = 256 * 1024;

/** Gets what an issuer publishes: at most 256 KiB, and from nowhere that it redirects to. Rejects otherwise. */
export async function boundedFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error' });
  const body = await bodyWithin(maxBytes, response);
  if (!body) throw new Error('the answer is larger than 256 KiB');
  if (response.status !== 200) throw new Error(`the answer has the status ${response.status}`);
  return new Response(body);
}
