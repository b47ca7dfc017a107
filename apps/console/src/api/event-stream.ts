/** One event of a stream. */
interface StreamEvent {
  readonly name: string;
  readonly data: unknown;
  readonly id?: string;
}

/**
 * Yields the events of the body of an answer, each as soon as it is complete. They are written as our services write them: an id, if there
 * is one, a name and one line of JSON, then an empty line. A heartbeat is none.
 */
export async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<StreamEvent> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  let rest = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const blocks = (rest + value).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, id, name, data] = /^(?:id: (.+)\n)?event: (.+)\ndata: (.+)$/.exec(block) ?? [];
      if (name && data) yield { ...(id ? { id } : {}), name, data: JSON.parse(data) };
    }
  }
}
