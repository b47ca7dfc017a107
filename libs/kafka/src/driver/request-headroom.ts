import { createRequire } from 'node:module';
import { compressed, encodeProduce, headroom, isPlain, type ProduceRequest } from './protocol/produce-request.ts';

// kafkajs allocates half a kilobyte for each header, record and batch, copies each into the next, and computes CRC-32C
// in JavaScript: 20 us a record of ours, against 2 us in one pass, and seconds for 200,000 headers. Other requests than
// ours are left to it.
const require = createRequire(import.meta.url);

interface Encoder {
  buf: Buffer;
  offset: number;
  readonly buffer: Buffer;
  writeEncoder(value: Encoder): Encoder;
  /** Where its bytes begin in a buffer that has room before them. */
  roomy?: { readonly whole: Buffer; readonly start: number };
}
const Encoder = require('kafkajs/src/protocol/encoder') as {
  new (size: number): Encoder;
  readonly prototype: Encoder;
};

type Protocol = (data: ProduceRequest) => {
  readonly request: { readonly apiVersion: number; readonly encode: () => Promise<Encoder> };
};
const definition = require('kafkajs/src/protocol/requests/produce') as {
  protocol(wanted: { version: number }): Protocol;
};

const inOnePass =
  (protocol: Protocol): Protocol =>
  (data) => {
    const exchange = protocol(data);
    const { request } = exchange;
    if (request.apiVersion < 3 || !isPlain(data)) return exchange;
    const encode = async () => {
      const whole = encodeProduce(await compressed(data));
      const buf = whole.subarray(headroom);
      return Object.assign(new Encoder(1), { buf, offset: buf.length, roomy: { whole, start: headroom } });
    };
    return { ...exchange, request: { ...request, encode } };
  };

// kafkajs puts the header of a request before its body by copying both, twice, each time into zeroed memory of up to twice
// the size. Where the body has room before it, the header goes there.
const prefixInPlace = (writeEncoder: Encoder['writeEncoder']): Encoder['writeEncoder'] =>
  function (this: Encoder, value) {
    const { roomy } = value;
    if (!roomy || roomy.start < this.offset) return writeEncoder.call(this, value);
    const { whole } = roomy;
    const start = roomy.start - this.offset;
    this.buf.copy(whole, start, 0, this.offset);
    this.buf = whole.subarray(start, roomy.start + value.offset);
    this.offset = this.buf.length;
    this.roomy = { whole, start };
    return this;
  };

/** Has kafkajs write records by `encodeProduce`, except those that it does not take. */
export function encodeInOnePass(): void {
  const { protocol } = definition;
  definition.protocol = (wanted) => inOnePass(protocol(wanted));
  Encoder.prototype.writeEncoder = prefixInPlace(Encoder.prototype.writeEncoder);
}
