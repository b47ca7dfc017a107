import type { DataCenter } from '@pagebridge/vocabulary';
import type { Connection } from '../../domain/connection.ts';
import type { DataCenters } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

/** Where a stored connection's destination is; an operator may have taken its data center out of the catalogue. */
export function dataCenterOf(dataCenters: DataCenters, { dataCenter: name }: Connection): Outcome<DataCenter> {
  const dataCenter = dataCenters.get(name);
  if (dataCenter) return carriedOut(dataCenter);
  return refused({ reason: 'unknown-data-center', dataCenter: name, known: [...dataCenters.keys()] });
}
