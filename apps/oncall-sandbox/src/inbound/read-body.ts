import type { IncomingMessage } from 'node:http';

const most = 1024 * 1024;

/** Reads a request's body as text, whatever its content type; undefined over 1 MiB. Always reads to the end. */
export async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request) {
    bytes += chunk.length;
    if (bytes <= most) chunks.push(chunk);
  }
  return bytes <= most ? Buffer.concat(chunks).toString('utf8') : undefined;
}
