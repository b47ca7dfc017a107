import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { alertIdentity } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import {
  type Alert,
  Alerts,
  Connections,
  headerText,
  type IncomingRecord,
  maxValueBytes,
  type PageCommand,
  PageCommands,
  PageStates,
  replayedFrom,
  replayedFromHeader,
} from './index.ts';

const traceparent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';
const attributes = { id: 'e-1', source: '/acme-us/monitors', time: '2026-01-31T12:00:00.000Z', traceparent };
const alert: Alert = {
  sourceOrg: 'acme-us',
  alertKey: 'cpu:web-7',
  transition: 'triggered',
  origin: 'monitor',
  title: 'CPU',
  message: 'CPU is high. @oncall-core-infra',
  occurredAt: '2026-01-31T12:00:00.000Z',
};
const aPage: PageCommand = {
  kind: 'page',
  pageId: 'b1946ac92492d2347c6235b4d2611184',
  sourceOrg: 'acme-us',
  alertKey: 'cpu:web-7',
  alertEventId: 'e-1',
  transition: 'triggered',
  occurredAt: '2026-01-31T12:00:00.000Z',
  connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11',
  teamId: 'team-42',
  teamHandle: 'core-infra',
  handle: '@oncall-core-infra',
  matched: 'exact',
  urgency: 'high',
  title: 'CPU',
  description: 'CPU is high.',
  tags: [],
  links: [],
};
const binaryHeaders = {
  ce_specversion: '1.0',
  ce_type: 'com.pagebridge.alert.v1',
  ce_source: '/acme-us/monitors',
  ce_id: 'e-1',
  ce_time: attributes.time,
};
const record = (value: unknown, headers: IncomingRecord['headers'] = {}): IncomingRecord => ({
  value: Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)),
  headers,
});
const good = () => JSON.parse(String(Alerts.encode('acme-us/cpu:web-7', attributes, alert).value));

describe('encode', () => {
  it('writes the whole event as the value and mirrors its attributes in headers', () => {
    const { topic, key, value, headers } = Alerts.encode('acme-us/cpu:web-7', attributes, alert);
    expect({ topic, key }).toEqual({ topic: 'paging.alerts.v1', key: 'acme-us/cpu:web-7' });
    expect(headers).toEqual({ ...binaryHeaders, 'content-type': 'application/cloudevents+json', traceparent });
    expect(JSON.parse(String(value))).toEqual({
      type: 'com.pagebridge.alert.v1',
      time: attributes.time,
      source: '/acme-us/monitors',
      id: 'e-1',
      specversion: '1.0',
      datacontenttype: 'application/json',
      data: alert,
    });
  });

  it('writes a tombstone as a null value under its key', () => {
    expect(Connections.tombstone('c-1')).toEqual({
      topic: 'paging.connections.v1',
      key: 'c-1',
      value: null,
      headers: {},
    });
    expect(Connections.decode(Connections.tombstone('c-1'))).toMatchObject({ ok: false, reason: 'null-value' });
  });
});

describe('decode', () => {
  it('returns the encoded event for any texts', () => {
    const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 200 });
    const printable = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(text, text, printable, fc.array(text), (title, message, alertKey, tags) => {
        const sent = { ...alert, title, message, alertKey, tags };
        const decoded = Alerts.decode(Alerts.encode('any', attributes, sent));
        expect(decoded).toEqual({ ok: true, event: { ...attributes, type: 'com.pagebridge.alert.v1', data: sent } });
      }),
    );
  });

  it.each([
    ['structured mode', record(good(), { 'content-type': 'application/cloudevents+json' })],
    [
      'structured mode with parameters',
      record(good(), { 'content-type': 'Application/CloudEvents+JSON; charset=UTF-8' }),
    ],
    ['a whole event without any header', record(good())],
    [
      'a whole event whose headers claim plain JSON',
      record(good(), { ...binaryHeaders, 'content-type': 'application/json' }),
    ],
    ['binary mode', record(alert, binaryHeaders)],
    ['binary mode with bytes as headers', record(alert, bytes(binaryHeaders))],
    ['binary mode with each header repeated', record(alert, repeated(binaryHeaders))],
    ['binary mode with headers in capitals', record(alert, capitals(binaryHeaders))],
  ])('reads %s', (_mode, incoming) => {
    const { traceparent: _, ...untraced } = attributes;
    expect(Alerts.decode(incoming)).toEqual({
      ok: true,
      event: { ...untraced, type: 'com.pagebridge.alert.v1', data: alert },
    });
  });

  it('reads the trace context only from its header', () => {
    expect(Alerts.decode(record(good(), { traceparent: Buffer.from(traceparent) }))).toMatchObject({
      event: { traceparent },
    });
    expect(Alerts.decode(record({ ...good(), traceparent }))).not.toHaveProperty('event.traceparent');
  });

  it.each([
    ['no value', null],
    ['no bytes', Buffer.alloc(0)],
    ['bytes that are no UTF-8', Buffer.from([0xff, 0xfe])],
    ['a megabyte', Buffer.alloc(1_000_000, '0')],
    ['another version', traceparent.replace('00-', '01-')],
    ['a value of which the first is null', [null, traceparent]],
  ])('ignores a trace context with %s', (_what, header) => {
    const decoded = Alerts.decode(record(good(), { traceparent: header }));
    expect(decoded).toMatchObject({ ok: true, event: { data: alert } });
    expect(decoded).not.toHaveProperty('event.traceparent');
  });

  it('names a header that is too long without its value', () => {
    const source = Buffer.alloc(1_000_000, 's');
    expect(Alerts.decode(record(alert, { ...binaryHeaders, ce_source: source }))).toEqual({
      ok: false,
      reason: 'schema-violation',
      detail: 'source must have at most 512 characters (URI reference of the producer.)',
    });
  });

  it('removes unknown fields from objects that are passed on', () => {
    const link = { title: 'Monitor', url: 'https://acme.example/1' };
    const data = { ...alert, links: [{ ...link, further: 'x'.repeat(500_000) }] };
    expect(Alerts.decode(record({ ...good(), data }))).toMatchObject({ event: { data: { links: [link] } } });
    expect(Alerts.decode(record({ ...good(), data }))).not.toHaveProperty('event.data.links[0].further');
  });

  it('returns an empty time if the producer gave none', () => {
    const { time: _, ...timeless } = good();
    expect(Alerts.decode(record(timeless))).toMatchObject({ ok: true, event: { time: '' } });
  });

  it('reads an event without a time again after it was re-encoded, as for a dead letter', () => {
    const { time: _, ...timeless } = good();
    const read = Alerts.decode(record(timeless));
    if (!read.ok) throw new Error(read.detail);
    const again = Alerts.encode('acme-us/cpu:web-7', read.event, read.event.data);
    expect(again.headers).not.toHaveProperty('ce_time');
    expect(Alerts.decode(again)).toEqual(read);
  });

  it('does not parse a value above its limit, and reads one at the limit', () => {
    const padded = (bytes: number) => record(JSON.stringify(good()).padEnd(bytes, ' '));
    expect(Alerts.decode(padded(maxValueBytes))).toMatchObject({ ok: true });
    expect(Alerts.decode(padded(maxValueBytes + 1))).toEqual({
      ok: false,
      reason: 'too-large',
      detail: 'the value has 1048577 bytes, at most 1048576 are read',
    });
  });

  it('never throws for any bytes and headers', () => {
    const bytesOrText = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.uint8Array().map((some) => Buffer.from(some)),
      fc.constant(Buffer.alloc(1_000_000, 'x')),
      fc.constantFrom(null, undefined),
    );
    const header = fc.oneof(bytesOrText, fc.array(bytesOrText, { maxLength: 3 }));
    const names = ['content-type', 'ce_specversion', 'ce_type', 'ce_id', 'CE_SOURCE', 'traceparent', '__proto__'];
    const name = fc.oneof(fc.string(), fc.constantFrom(...names, replayedFromHeader));
    const value = fc.oneof(
      fc.uint8Array().map((some) => Buffer.from(some)),
      fc.json().map((json) => Buffer.from(json)),
      fc.constantFrom(null, Buffer.from(JSON.stringify(alert)), Buffer.from(JSON.stringify(good()))),
    );
    fc.assert(
      fc.property(value, fc.dictionary(name, header), (bytesIn, headers) => {
        // The cast also covers values outside the type: a client may send header lists with holes.
        const incoming = { topic: Alerts.card.topic, value: bytesIn, headers: headers as IncomingRecord['headers'] };
        const decoded = Alerts.decode(incoming);
        expect(decoded.ok).toBe(Alerts.dataOf(incoming).ok);
        if (!decoded.ok) expect(decoded.detail.length).toBeLessThan(400);
        for (const each of names) expect(headerText(incoming, each)?.length ?? 0).toBeLessThanOrEqual(8192);
        expect(replayedFrom(incoming)?.length ?? 0).toBeLessThanOrEqual(320);
      }),
    );
  });

  it('does not overflow the stack on deeply nested JSON', () => {
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const value = JSON.stringify({ ...good(), data: { ...alert, extra: 0 } }).replace('"extra":0', `"extra":${nested}`);
    expect(() => Alerts.decode(record(value))).not.toThrow();
  });

  it.each(['__proto__', 'constructor', 'prototype'])('treats a key %s like any other key', (name) => {
    const polluted = (at: string) => `{"${name}": ${JSON.stringify(at === 'data' ? alert : good())}}`;
    expect(Alerts.decode(record(polluted('event')))).toMatchObject({ ok: false, reason: 'not-a-cloudevent' });
    const value = JSON.stringify({ ...good(), data: 0 }).replace('"data":0', `"data":${polluted('data')}`);
    expect(Alerts.decode(record(value))).toMatchObject({ ok: false, detail: expect.stringMatching(/is missing/) });
    expect(({} as Record<string, unknown>).sourceOrg).toBeUndefined();
  });

  it('never repeats a value in its details', () => {
    const secret = 'ddapp_0123456789';
    const values = [
      { ...alert, transition: secret },
      { ...alert, sourceOrg: secret },
      { ...alert, occurredAt: secret },
    ];
    for (const data of values) expect(JSON.stringify(Alerts.decode(record({ ...good(), data })))).not.toContain(secret);
    const kind = { ...good(), type: 'com.pagebridge.page-command.v1', data: { kind: secret } };
    expect(PageCommands.decode(record(kind))).toMatchObject({ detail: 'data.kind must be one of page, resolve' });
  });
});

describe('a key', () => {
  const strange = fc.constantFrom(
    '\u{1f525}',
    '\ufffd',
    '\ufeff',
    '\ufdd0',
    '\u0085',
    '\u2028',
    '/',
    '"',
    'é',
    '\ud83d',
    '\udd25',
  );
  const anyKey = fc.string({
    unit: fc.oneof(strange, fc.string({ unit: 'binary', minLength: 1, maxLength: 1 })),
    minLength: 1,
    maxLength: 600,
  });

  it('has the same bytes for the producer, the broker and a reader of the value, if it is valid', () => {
    fc.assert(
      fc.property(anyKey, (alertKey) => {
        const key = alertIdentity(alert.sourceOrg, alertKey);
        const written = Alerts.encode(key, attributes, { ...alert, alertKey });
        const read = Alerts.decode({ ...written, value: Buffer.from(String(written.value)) });
        if (!read.ok) {
          expect(read.detail).toMatch(/^data\.alertKey must /);
          return;
        }
        const { sourceOrg, alertKey: again } = read.event.data;
        expect(Buffer.from(key).toString('utf8')).toBe(alertIdentity(sourceOrg, again));
      }),
    );
  });

  it('is refused with a lone surrogate in any of its parts', () => {
    const half = '\ud83d';
    const page = PageCommands.encode('k', attributes, { ...aPage, teamId: `t${half}` });
    expect(PageCommands.decode(page)).toMatchObject({
      reason: 'schema-violation',
      detail: expect.stringMatching(/^data\.teamId /),
    });
    const alertOf = (fields: Partial<typeof alert>, id = 'e-1') =>
      Alerts.encode('k', { ...attributes, id }, { ...alert, ...fields });
    expect(Alerts.decode(alertOf({ alertKey: half }))).toMatchObject({
      detail: expect.stringMatching(/^data\.alertKey must be text that UTF-8 can encode/),
    });
    expect(Alerts.decode(alertOf({}, half))).toMatchObject({
      detail: expect.stringMatching(/^id must be text that UTF-8 can encode/),
    });
  });
});

describe('the ledger', () => {
  const folder = join(import.meta.dirname, 'page-states/examples/good');
  const stored = JSON.parse(readFileSync(join(folder, 'resolved.json'), 'utf8')).record.value;
  const [storedPage] = stored.data.pages;

  it.each([
    ['a page id of its destination of 300 characters', { destinationPageId: 'p'.repeat(300) }],
    [
      'a time before the year 0',
      { occurredAt: '0000-01-01T00:00:00+23:00', triggeredAt: '-000001-12-31T01:00:00.000Z' },
    ],
    ['a time of 600 KB', { occurredAt: `2026-01-31T12:00:00.${'1'.repeat(600_000)}Z` }],
    ['an id in another format', { pageId: 'page 1', alertEventId: `e-${'\ud83d'}` }],
  ])('is still read with %s, which an earlier version wrote', (_what, fields) => {
    const data = { ...stored.data, pages: [{ ...storedPage, ...fields }] };
    expect(PageStates.decode(record({ ...stored, data }))).toMatchObject({ ok: true, event: { data } });
  });

  it('is not read if a page lacks a field or a time is invalid', () => {
    const { teamId: _, ...partial } = storedPage;
    for (const page of [partial, { ...storedPage, occurredAt: 'noon' }, { ...storedPage, joined: 'p' }]) {
      const data = { ...stored.data, pages: [page] };
      expect(PageStates.decode(record({ ...stored, data }))).toMatchObject({ ok: false, reason: 'schema-violation' });
    }
  });
});

function bytes(headers: Record<string, string>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
}

function repeated(headers: Record<string, string>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [Buffer.from(value), 'another']]));
}

function capitals(headers: Record<string, string>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
}
