const maxBytes = 256 * 1024;

/** Gets what an issuer publishes: at most 256 KiB, and from nowhere that it redirects to. Rejects otherwise. */
export async function boundedFetch(url: string, init: RequestInit): Promise<Response> {
  const response = await fetch(url, { ...init, redirect: 'error' });
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop gives up the rest of the answer.
    if (size > maxBytes) throw new Error('the answer is larger than 256 KiB');
    chunks.push(chunk);
  }
  if (response.status !== 200) throw new Error(`the answer has the status ${response.status}`);
  return new Response(Buffer.concat(chunks));
}
