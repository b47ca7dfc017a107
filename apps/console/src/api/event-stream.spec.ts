import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { eventReader, eventsOf, type StreamEvent } from './event-stream.ts';

const read = (...pieces: string[]): StreamEvent[] => pieces.flatMap(eventReader());

describe('eventReader', () => {
  it('returns an event once its empty line has come', () => {
    const reader = eventReader();
    expect(reader('event: check\ndata: {"name":')).toEqual([]);
    expect(reader('"api-key"}\n')).toEqual([]);
    expect(reader('\nevent: result')).toEqual([{ name: 'check', data: '{"name":"api-key"}' }]);
  });

  it.each([
    ['a stream without names', 'data: a\n\n', [{ name: 'message', data: 'a' }]],
    ['data in several lines', 'data: a\ndata:b\ndata:  c\n\n', [{ name: 'message', data: 'a\nb\n c' }]],
    ['heartbeats and other comments', ': \n\n:data: a\n\ndata: b\n\n', [{ name: 'message', data: 'b' }]],
    ['fields that it does not know', 'id: 7\nretry: 1\nrest\ndata: a\n\n', [{ name: 'message', data: 'a' }]],
    ['a name without data, which is no event', 'event: check\n\ndata: a\n\n', [{ name: 'message', data: 'a' }]],
    [
      'all line ends',
      'data: a\r\n\r\ndata: b\r\rdata: c\n\n',
      ['a', 'b', 'c'].map((data) => ({ name: 'message', data })),
    ],
  ])('reads %s', (_what, text, events) => {
    expect(read(text)).toEqual(events);
  });

  it('reads the same events however the stream is cut', () => {
    const line = fc.constantFrom('event: check', 'data: {"a": 1}', 'data:', ': ', 'id', '', '');
    const lineEnd = fc.constantFrom('\n', '\r', '\r\n');
    const text = fc.array(fc.tuple(line, lineEnd)).map((lines) => `${lines.flat().join('')}data: end\n\n`);
    fc.assert(
      fc.property(text, fc.array(fc.nat(200)), (whole, cuts) => {
        const places = [0, ...cuts.filter((cut) => cut < whole.length).toSorted((a, b) => a - b), whole.length];
        const pieces = places.slice(1).map((place, index) => whole.slice(places[index], place));
        expect(pieces.join('')).toBe(whole);
        expect(read(...pieces)).toEqual(read(whole));
      }),
    );
  });

  it('refuses an event without an end, but not a long stream of heartbeats', () => {
    const reader = eventReader();
    for (let i = 0; i < 300; i += 1) expect(reader(`:${' '.repeat(10_000)}\n\n`)).toEqual([]);
    expect(() => {
      for (let i = 0; i < 200; i += 1) reader(`data: ${'a'.repeat(10_000)}\n`);
    }).toThrow(RangeError);
  });
});

describe('eventsOf', () => {
  it('yields the events of a body whose characters are cut', async () => {
    const bytes = new TextEncoder().encode('data: Zürich\n\ndata: 障害\n\n');
    const body = new ReadableStream<Uint8Array<ArrayBuffer>>({
      start(controller) {
        for (const byte of bytes) controller.enqueue(Uint8Array.of(byte));
        controller.close();
      },
    });
    const data: string[] = [];
    for await (const event of eventsOf(body)) data.push(event.data);
    expect(data).toEqual(['Zürich', '障害']);
  });
});
