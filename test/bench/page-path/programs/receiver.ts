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

const accept: RequestListener = (request, response) => {
  whole(request, (body) => {
    arrivals.note(body);
    response.writeHead(200, { 'content-type': 'application/json' });
    response.end(`{"data":{"id":"page-${arrivals.count}","type":"pages"}}`);
  });
};

function whole(request: IncomingMessage, then: (body: string) => void): void {
  const chunks: Buffer[] = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => then(Buffer.concat(chunks).toString()));
}

const [, , text = ''] = process.argv;
const { ports, controlPort }: ReceiverInput = JSON.parse(text);
for (const port of ports) createServer({ keepAliveTimeout: 60_000 }, accept).listen(port, '127.0.0.1');
arrivals.serve(controlPort);
