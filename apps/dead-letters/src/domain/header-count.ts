import { headerText, type IncomingRecord } from '@pagebridge/contracts';

/** Returns the number in a header; undefined if it is no valid offset or size. */
export function countIn(record: IncomingRecord, name: string): number | undefined {
  const text = headerText(record, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
