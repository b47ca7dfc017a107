import { ByteReader } from './byte-reader.ts';
import { ByteWriter } from './byte-writer.ts';

/** The version of Metadata that returns the client's rights on each topic; kafkajs requests older versions. */
export const rightsVersion = 8;

export type TopicRight = 'Read' | 'Write';
/** The codes of the rights as ACL operations; an answer sets the bit of each right that the client has. */
const codes: Readonly<Record<TopicRight, number>> = { Read: 3, Write: 4 };

/** Encodes a request for the metadata of these topics with the rights on them. */
export function encodeRightsRequest(topics: readonly string[]): Buffer {
  const writer = new ByteWriter(1024);
  writer.int32(topics.length);
  for (const topic of topics) writer.string(topic);
  // The request creates no topics, and asks for the rights on topics, not for those on the cluster.
  for (const flag of [0, 0, 1]) writer.int8(flag);
  return writer.written;
}

/** Returns the rights on each topic in the answer; none on a topic that is denied altogether. */
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
