import { createHash } from 'node:crypto';

/** Equal for records with the same bytes as key and value, and for no others. */
export function fingerprintOf(record: { readonly key: Buffer | null; readonly value: Buffer | null }): string {
  const hash = createHash('sha256');
  for (const bytes of [record.key, record.value]) hash.update(`${bytes?.length ?? 'null'}:`).update(bytes ?? '');
  return hash.digest('base64');
}
