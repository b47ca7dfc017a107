import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface Reply {
  readonly status: number;
  readonly contentType: string;
  readonly body: Buffer;
}

const patienceMs = 10_000;
const agent = new Agent({ keepAlive: true, maxSockets: 4 });

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

/**
 * Sends one request. Rejects after ten seconds without an answer, or if the connection is closed without one. Resolves to
 * undefined if the request is larger than a server must read.
 */
export async function ask(url: string, asked: Asked): Promise<Reply | undefined> {
  try {
    return await send(url, asked);
  } catch (error) {
    const { code = '', isReused } = error as { code?: string; isReused?: boolean };
    if (!['ECONNRESET', 'EPIPE'].includes(code)) throw error;
    // The server closed an idle connection at that moment.
    if (isReused) return await ask(url, asked);
    const { headers = {}, body } = asked;
    if ((body?.length ?? 0) > 1_000_000 || JSON.stringify(headers).length + asked.path.length > 15_000)
      return undefined;
    throw error;
  }
}

function send(url: string, { method, path, headers = {}, body }: Asked): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    const length = body && !('transfer-encoding' in headers) ? { 'content-length': body.length } : {};
    const call = request({ hostname, port, method, path, headers: { ...headers, ...length }, agent });
    let isAnswered = false;
    const timer = setTimeout(() => {
      reject(new Error(`no answer within ${patienceMs} ms`));
      call.destroy();
    }, patienceMs);
    call.on('response', (response) => {
      isAnswered = true;
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => {
        clearTimeout(timer);
        const { statusCode = 0, headers: its } = response;
        resolve({ status: statusCode, contentType: its['content-type'] ?? '', body: Buffer.concat(chunks) });
      });
    });
    call.on('error', (error) => {
      clearTimeout(timer);
      // The server may answer before it has read the whole body, and then close the connection.
      if (!isAnswered) reject(Object.assign(error, { isReused: call.reusedSocket }));
    });
    call.end(body);
  });
}

export interface RawReply {
  /** The bytes until the connection was closed. */
  readonly text: string;
  readonly isClosed: boolean;
}

/** Sends bytes in pieces, ends the request side, and waits until the server closes the connection. */
export async function sendRaw(url: string, pieces: readonly Buffer[], pauseMs: number): Promise<RawReply> {
  const { hostname, port } = new URL(url);
  const socket = connect({ host: hostname, port: Number(port) });
  const chunks: Buffer[] = [];
  const closed = new Promise<void>((resolve) => socket.once('close', () => resolve()));
  // A reset counts as an answer.
  socket.on('error', () => undefined).on('data', (chunk) => chunks.push(chunk));
  for (const piece of pieces) {
    socket.write(piece);
    if (pauseMs > 0) await sleep(pauseMs);
  }
  socket.end();
  const isClosed = await Promise.race([closed.then(() => true), sleep(patienceMs, false, { ref: false })]);
  socket.destroy();
  return { text: Buffer.concat(chunks).toString('latin1'), isClosed };
}

export const closeClient = (): void => agent.destroy();
