import { createRequire } from 'node:module';
import { headroom } from '../protocol/produce-request.ts';

// kafkajs prepends the header of a request by copying header and body twice, each time into zeroed memory of up to
// twice the size. If the buffer of a body has free bytes before the body, this patch writes the header into them.
const require = createRequire(import.meta.url);

interface Encoder {
  buf: Buffer;
  offset: number;
  readonly buffer: Buffer;
  writeEncoder(value: Encoder): Encoder;
  /** The buffer with free bytes before the body, and the start of the body in it. */
  padded?: { readonly whole: Buffer; readonly start: number };
}
const Encoder = require('kafkajs/src/protocol/encoder') as {
  new (size: number): Encoder;
  readonly prototype: Encoder;
};

/** Returns the body of a request for kafkajs, from bytes that begin with headroom. */
export function bodyAfterHeadroom(whole: Buffer): Encoder {
  const buf = whole.subarray(headroom);
  return Object.assign(new Encoder(1), { buf, offset: buf.length, padded: { whole, start: headroom } });
}

const prefixInPlace = (writeEncoder: Encoder['writeEncoder']): Encoder['writeEncoder'] =>
  function (this: Encoder, value) {
    const { padded } = value;
    if (!padded || padded.start < this.offset) return writeEncoder.call(this, value);
    const { whole } = padded;
    const start = padded.start - this.offset;
    this.buf.copy(whole, start, 0, this.offset);
    this.buf = whole.subarray(start, padded.start + value.offset);
    this.offset = this.buf.length;
    this.padded = { whole, start };
    return this;
  };

/** Makes kafkajs write the header of a request into the headroom of its body. */
export function writeHeadersInPlace(): void {
  Encoder.prototype.writeEncoder = prefixInPlace(Encoder.prototype.writeEncoder);
}
