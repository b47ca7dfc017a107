import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type Alert, Alerts, Connections, type IncomingRecord, maxValueBytes, PageCommands } from './index.ts';

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
  it('gives back what was encoded, whatever the texts', () => {
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

  it('takes the trace context from its header alone', () => {
    expect(Alerts.decode(record(good(), { traceparent: Buffer.from(traceparent) }))).toMatchObject({
      event: { traceparent },
    });
    expect(Alerts.decode(record({ ...good(), traceparent }))).not.toHaveProperty('event.traceparent');
  });

  it('answers an empty time where the producer gave none', () => {
    const { time: _, ...timeless } = good();
    expect(Alerts.decode(record(timeless))).toMatchObject({ ok: true, event: { time: '' } });
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

  it('never throws, whatever the bytes and headers', () => {
    const header = fc.oneof(fc.string(), fc.array(fc.string()), fc.constant(undefined));
    const name = fc.oneof(fc.string(), fc.constantFrom('content-type', 'ce_specversion', 'ce_type', '__proto__'));
    const value = fc.oneof(
      fc.uint8Array(),
      fc.json().map((json) => Buffer.from(json)),
    );
    fc.assert(
      fc.property(value, fc.dictionary(name, header), (bytesIn, headers) => {
        expect(Alerts.decode({ value: Buffer.from(bytesIn), headers })).toMatchObject({ ok: false });
      }),
    );
  });

  it('survives JSON nested deeper than any stack', () => {
    const nested = `${'['.repeat(200_000)}${']'.repeat(200_000)}`;
    const value = JSON.stringify({ ...good(), data: { ...alert, extra: 0 } }).replace('"extra":0', `"extra":${nested}`);
    expect(() => Alerts.decode(record(value))).not.toThrow();
  });

  it.each(['__proto__', 'constructor', 'prototype'])('takes a key %s for a key and nothing more', (name) => {
    const polluted = (at: string) => `{"${name}": ${JSON.stringify(at === 'data' ? alert : good())}}`;
    expect(Alerts.decode(record(polluted('event')))).toMatchObject({ ok: false, reason: 'not-a-cloudevent' });
    const value = JSON.stringify({ ...good(), data: 0 }).replace('"data":0', `"data":${polluted('data')}`);
    expect(Alerts.decode(record(value))).toMatchObject({ ok: false, detail: expect.stringMatching(/is missing/) });
    expect(({} as Record<string, unknown>).sourceOrg).toBeUndefined();
  });

  it('complains about nothing that the value holds', () => {
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

function bytes(headers: Record<string, string>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, Buffer.from(value)]));
}

function repeated(headers: Record<string, string>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, [Buffer.from(value), 'another']]));
}

function capitals(headers: Record<string, string>) {
  return Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toUpperCase(), value]));
}
