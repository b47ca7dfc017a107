import type { DataCenter } from '@pagebridge/vocabulary';
import type { DataCenters } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

/** Returns a data center of the catalogue, or a refusal: an operator may have removed that of a stored connection. */
export function dataCenterOf(dataCenters: DataCenters, name: string): Outcome<DataCenter> {
  const dataCenter = dataCenters.get(name);
  if (dataCenter) return carriedOut(dataCenter);
  return refused({ reason: 'unknown-data-center', dataCenter: name, known: [...dataCenters.keys()] });
}
