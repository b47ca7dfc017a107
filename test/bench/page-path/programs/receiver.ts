import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { Arrivals } from '../arrivals.ts';

/** The ports: one for each destination, and one that serves the counts. */
interface ReceiverInput {
  readonly ports: readonly number[];
  readonly controlPort: number;
}

/*
 * A destination that accepts everything as cheaply as Node can: pages like an On-Call API, and alerts like a webhook of
 * Alertmanager. It replaces the sandbox, whose own cost would be measured.
 */
const arrivals = new Arrivals();

/** Returns a destination that lists its pages, the newest ones first, and accepts any other request. */
function destination(): RequestListener {
  const pages: object[] = [];
  return (request, response) =>
    whole(request, (body) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      if (request.method === 'GET') {
        response.end(JSON.stringify({ data: partOf(pages, new URL(request.url ?? '', 'http://bench').searchParams) }));
        return;
      }
      arrivals.note(body);
      const id = `page-${arrivals.count}`;
      pages.push({ id, type: 'pages', attributes: { status: 'triggered', modified_at: new Date() } });
      response.end(`{"data":{"id":"${id}","type":"pages"}}`);
    });
}

function partOf(pages: readonly object[], query: URLSearchParams): object[] {
  const size = Number(query.get('page[size]'));
  const end = Math.max(0, pages.length - size * Number(query.get('page[number]')));
  return pages.slice(Math.max(0, end - size), end).toReversed();
}

function whole(request: IncomingMessage, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => then(Buffer.concat(chunks).toString()));
}

const [, , text = ''] = process.argv;
const { ports, controlPort }: ReceiverInput = JSON.parse(text);
for (const port of ports) createServer({ keepAliveTimeout: 60_000 }, destination()).listen(port, '127.0.0.1');
arrivals.serve(controlPort);
