/** One event of a stream. */
export interface StreamEvent {
  readonly name: string;
  readonly data: string;
}

/** The maximum number of characters of one event. */
const longest = 1_048_576;

/**
 * Returns a reader of an event stream (HTML Standard, 9.2.6): it takes the text in any pieces, and returns the events that are complete.
 *
 * `id` and `retry` are left out, because nobody resumes such a stream. Throws if an event is too long.
 */
export function eventReader(): (piece: string) => StreamEvent[] {
  let rest = '';
  let name = '';
  let data: string[] = [];
  let length = 0;
  const take = (line: string): StreamEvent[] => {
    if (line !== '') {
      const [, field, value = ''] = /^([^:]*)(?:: ?(.*))?$/s.exec(line) ?? [];
      if (field === 'event') name = value;
      if (field === 'data') data.push(value);
      return [];
    }
    const complete = data.length > 0 ? [{ name: name || 'message', data: data.join('\n') }] : [];
    name = '';
    data = [];
    length = 0;
    return complete;
  };
  return (piece) => {
    length += piece.length;
    // A return at the end of a piece may be the first half of a line end.
    const lines = (rest + piece).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    const events = lines.flatMap(take);
    if (length > longest) throw new RangeError('an event of the stream is too long');
    return events;
  };
}

/** Yields the events of the body of an answer, each as soon as it is complete. */
export async function* eventsOf(body: ReadableStream<Uint8Array<ArrayBuffer>>): AsyncGenerator<StreamEvent> {
  const read = eventReader();
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    yield* read(value);
  }
}
