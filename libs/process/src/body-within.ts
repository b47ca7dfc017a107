/** Reads the body of an HTTP response. Returns undefined, and cancels the rest, if the body is longer than `maxBytes`. */
export async function bodyWithin(maxBytes: number, { body }: Response): Promise<Buffer<ArrayBuffer> | undefined> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body ?? []) {
    size += chunk.byteLength;
    // Leaving the loop cancels the stream.
    if (size > maxBytes) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
