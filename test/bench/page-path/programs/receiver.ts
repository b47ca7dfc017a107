import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import { Arrivals } from '../arrivals.ts';

/** Where it listens: a port for each destination that it plays, and one to be asked about what it got. */
interface ReceiverInput {
  readonly ports: readonly number[];
  readonly controlPort: number;
}

/*
 * A destination that accepts everything, as cheaply as Node can: pages as an On-Call API does, and alerts as a webhook
 * of Alertmanager does. It stands in for the sandbox where that would be what is measured.
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
