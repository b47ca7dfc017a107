import { expect, it } from '@jest/globals';
import { eventsOf } from './event-stream.ts';

/** Returns the events of a stream whose bytes come one by one. */
async function eventsIn(text: string) {
  const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
    start(controller) {
      for (const byte of new TextEncoder().encode(text)) controller.enqueue(Uint8Array.of(byte));
      controller.close();
    },
  });
  const events: unknown[] = [];
  for await (const event of eventsOf(body)) events.push(event);
  return events;
}

it('events are read however the stream is cut, without heartbeats', async () => {
  const check = { name: 'check', data: { name: 'api-key', detail: 'Zürich\n障害' } };
  const alert = { id: '7', name: 'alert', data: { alertKey: 'monitor-4' } };
  const result = { name: 'result', data: { status: 200 } };
  const written = [check, alert, result].map(({ id, name, data }: { id?: string; name: string; data: unknown }) => {
    return `${id ? `id: ${id}\n` : ''}event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  });
  expect(await eventsIn(`: \n\n${written.join(': \n\n')}: \n\n`)).toEqual([check, alert, result]);
});

it('an event is none before its empty line has come', async () => {
  expect(await eventsIn('event: check\ndata: {}\n')).toEqual([]);
});
