import type { DataCenter } from '@pagebridge/vocabulary';
import type { DataCenters } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

/** A data center of the catalogue; an operator may have taken that of a stored connection out of it. */
export function dataCenterOf(dataCenters: DataCenters, name: string): Outcome<DataCenter> {
  const dataCenter = dataCenters.get(name);
  if (dataCenter) return carriedOut(dataCenter);
  return refused({ reason: 'unknown-data-center', dataCenter: name, known: [...dataCenters.keys()] });
}
