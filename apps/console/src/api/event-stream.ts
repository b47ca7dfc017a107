import { EventSourceParserStream } from 'eventsource-parser/stream';

/** Yields the events of the body of an answer with the JSON in them, each as soon as it is complete. A heartbeat is none. */
export async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>) {
  const reader = body.pipeThrough(new TextDecoderStream()).pipeThrough(new EventSourceParserStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const { event: name = 'message', id, data } = value;
    yield { name, id, data: JSON.parse(data) as unknown };
  }
}
