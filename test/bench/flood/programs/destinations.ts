import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { nowMs } from '../../page-path/alerts.ts';
import type { Counts } from '../world.ts';

/** The ports of the healthy destination, of the flooded one, and of the control API. */
interface DestinationsInput {
  readonly healthyPort: number;
  readonly floodedPort: number;
  readonly controlPort: number;
}

/** The times of the pages of one monitor, by the number of the alert. */
class Pages {
  readonly created = new Map<number, number>();
  readonly resolved = new Map<number, number>();
  /** The numbers of pages that were called for while the destination was down. */
  readonly refused = new Set<number>();
  /** The pages that were created again. */
  repeated = 0;

  create(number: number): void {
    if (this.created.has(number)) this.repeated += 1;
    else this.created.set(number, nowMs());
  }
}

/*
 * Two destinations, of which one can be down, as cheap as Node can be. They replace the sandbox, which keeps whole pages:
 * of a flood, only a number and a time are kept for each page.
 */
const byMonitor = new Map<string, Pages>();
let isDown = false;

function pagesOf(monitor: string): Pages {
  const known = byMonitor.get(monitor);
  if (known) return known;
  const pages = new Pages();
  byMonitor.set(monitor, pages);
  return pages;
}

// The id of a page is its monitor and its number, so that a resolve need not be looked up.
const alertIn = /"alert-key:([\w-]+)-(\d+):/;
const resolveIn = /\/([\w-]+)\.(\d+)\/resolve$/;

function accept({ url = '' }: IncomingMessage, body: string, response: ServerResponse): void {
  const resolve = resolveIn.exec(url);
  const [, monitor = '', number = ''] = resolve ?? alertIn.exec(body) ?? [];
  const pages = pagesOf(monitor);
  if (resolve) pages.resolved.set(Number(number), nowMs());
  else pages.create(Number(number));
  answer(response, 200, { data: { id: `${monitor}.${number}`, type: 'pages' } });
}

function refuse(body: string, response: ServerResponse): void {
  const [, monitor = '', number = ''] = alertIn.exec(body) ?? [];
  pagesOf(monitor).refused.add(Number(number));
  answer(response, 503, { errors: ['Service Unavailable'] });
}

/** GET /<monitor> counts its pages, GET /<monitor>/created or /resolved returns numbers and times; PUT and DELETE /down. */
function control({ method, url = '' }: IncomingMessage, response: ServerResponse): void {
  const [, monitor = '', list] = url.split('/');
  if (method !== 'GET') isDown = method === 'PUT';
  const { created, resolved, refused, repeated } = byMonitor.get(monitor) ?? new Pages();
  const counts: Counts = { created: created.size, resolved: resolved.size, refused: refused.size, repeated };
  answer(response, 200, list === 'created' ? [...created] : list === 'resolved' ? [...resolved] : counts);
}

function answer(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}

function serve(port: number, handle: (request: IncomingMessage, body: string, response: ServerResponse) => void): void {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => handle(request, Buffer.concat(chunks).toString('latin1'), response));
  });
  server.listen(port, '127.0.0.1');
}

const [, , text = ''] = process.argv;
const { healthyPort, floodedPort, controlPort }: DestinationsInput = JSON.parse(text);
serve(healthyPort, accept);
serve(floodedPort, (request, body, response) => (isDown ? refuse(body, response) : accept(request, body, response)));
serve(controlPort, (request, _, response) => control(request, response));
