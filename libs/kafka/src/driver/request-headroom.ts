import { createRequire } from 'node:module';
import { headroom } from './protocol/produce-request.ts';

// kafkajs puts the header of a request before its body by copying both, twice, each time into zeroed memory of up to twice
// the size. Where the body has room before it, the header goes there.
const require = createRequire(import.meta.url);

interface Encoder {
  buf: Buffer;
  offset: number;
  readonly buffer: Buffer;
  writeEncoder(value: Encoder): Encoder;
  /** The start of its bytes in a buffer with room before them. */
  roomy?: { readonly whole: Buffer; readonly start: number };
}
const Encoder = require('kafkajs/src/protocol/encoder') as {
  new (size: number): Encoder;
  readonly prototype: Encoder;
};

/** The body of a request, for kafkajs, from bytes that begin with room for its header. */
export function bodyAfterHeadroom(whole: Buffer): Encoder {
  const buf = whole.subarray(headroom);
  return Object.assign(new Encoder(1), { buf, offset: buf.length, roomy: { whole, start: headroom } });
}

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

/** Has kafkajs put the header of a request into the headroom of its body. */
export function writeHeadersInPlace(): void {
  Encoder.prototype.writeEncoder = prefixInPlace(Encoder.prototype.writeEncoder);
}
