import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { nowMs, sentAtMs } from '../alerts.ts';

/** Where it listens: a port for each destination that it plays, and one to be asked about what it got. */
export interface ReceiverInput {
  readonly ports: readonly number[];
  readonly controlPort: number;
}

/** What it got since it was last asked to start anew; latencies from sent to here, in milliseconds. */
export interface Received {
  readonly count: number;
  readonly lastAtMs: number;
  readonly latenciesMs: readonly number[];
}

/*
 * A destination that accepts everything, as cheaply as Node can: pages as an On-Call API does, and alerts as a webhook
 * of Alertmanager does. It stands in for the sandbox where that would be what is measured.
 */
let latenciesMs: number[] = [];
let lastAtMs = 0;

const accept: RequestListener = async (request, response) => {
  const body = await bodyOf(request);
  lastAtMs = nowMs();
  latenciesMs.push(lastAtMs - sentAtMs(body));
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(`{"data":{"id":"page-${latenciesMs.length}","type":"pages"}}`);
};

const control: RequestListener = (request, response) => {
  const received: Received = {
    count: latenciesMs.length,
    lastAtMs,
    latenciesMs: request.url === '/all' ? latenciesMs : [],
  };
  if (request.method === 'DELETE') latenciesMs = [];
  response.end(JSON.stringify(received));
};

async function bodyOf(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  await once(request, 'end');
  return chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks).toString();
}

const [, , text = ''] = process.argv;
const input: ReceiverInput = JSON.parse(text);
for (const port of input.ports) createServer({ keepAliveTimeout: 60_000 }, accept).listen(port, '127.0.0.1');
createServer(control).listen(input.controlPort, '127.0.0.1');
