import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';
import { headroom } from './produce-request.ts';

/** The version of Metadata that tells what the client may do with each topic; kafkajs asks for older ones. */
export const rightsVersion = 8;

export type TopicRight = 'Read' | 'Write';
/** Their codes among the operations of ACLs; an answer sets the bit of each that is allowed. */
const codes: Readonly<Record<TopicRight, number>> = { Read: 3, Write: 4 };

/** Asks for the metadata of these topics with the rights on them; it begins with room for its header. */
export function encodeRightsRequest(topics: readonly string[]): Buffer {
  const to = new ByteWriter(1024);
  to.skip(headroom);
  to.int32(topics.length);
  for (const topic of topics) to.string(topic);
  // No topic is created, and of rights those on topics are wanted, not those on the cluster.
  for (const flag of [0, 0, 1]) to.int8(flag);
  return to.written;
}

/** The rights on each topic that the answer holds; none on one that is denied altogether. */
export function readRightsAnswer(bytes: Buffer): ReadonlyMap<string, readonly TopicRight[]> {
  const reader = new ByteReader(bytes, 0);
  const times = (read: () => void): void => {
    for (let count = reader.int32(); count > 0; count -= 1) read();
  };
  const numbers = () => times(() => reader.int32());
  reader.int32();
  times(() => {
    reader.int32();
    reader.text();
    reader.int32();
    reader.text();
  });
  reader.text();
  reader.int32();
  const rights = new Map<string, readonly TopicRight[]>();
  times(() => {
    reader.int16();
    const topic = reader.text();
    reader.at += 1;
    times(() => {
      reader.int16();
      for (let n = 0; n < 3; n += 1) reader.int32();
      for (let n = 0; n < 3; n += 1) numbers();
    });
    const bits = reader.int32();
    rights.set(
      topic,
      (['Read', 'Write'] as const).filter((right) => (bits & (1 << codes[right])) !== 0),
    );
  });
  return rights;
}
