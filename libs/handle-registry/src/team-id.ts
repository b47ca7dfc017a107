const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;
const uuidBytes = 16;
// No byte of UTF-8: keeps a text of 16 bytes apart from a UUID.
const textMark = 0xff;

/** A team id as bytes: 16 for a lower-case UUID, which is what destinations use; else UTF-8 of another length. */
export function packTeamId(id: string): Buffer {
  if (uuid.test(id)) return Buffer.from(id.replaceAll('-', ''), 'hex');
  const text = Buffer.from(id);
  return text.length === uuidBytes ? Buffer.concat([text, Buffer.of(textMark)]) : text;
}

/** The inverse of `packTeamId` for the bytes from `start` to `end`. */
export function unpackTeamId(bytes: Buffer, start: number, end: number): string {
  if (end - start !== uuidBytes) return bytes.toString('utf8', start, bytes[end - 1] === textMark ? end - 1 : end);
  const hex = bytes.toString('hex', start, end);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
