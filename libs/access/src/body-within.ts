/** What an HTTP answer holds; undefined, and its rest is given up, where that is more than so many bytes. */
export async function bodyWithin(mostBytes: number, { body }: Response): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop gives up the rest.
    if (size > mostBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
