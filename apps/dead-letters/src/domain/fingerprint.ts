import { createHash } from 'node:crypto';

/** Returns a hash of the key and the value of a record; a null and an empty value differ. */
export function fingerprintOf(record: { readonly key: Buffer | null; readonly value: Buffer | null }): string {
  const hash = createHash('sha256');
  for (const bytes of [record.key, record.value]) hash.update(`${bytes?.length ?? 'null'}:`).update(bytes ?? '');
  return hash.digest('base64');
}
