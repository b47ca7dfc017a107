import { Problem } from '@pagebridge/service';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { DataCenters } from '../ports.ts';
import { problems } from '../problems.ts';

/** Returns a data center of the catalogue; throws if there is none: an operator may have removed that of a stored connection. */
export function dataCenterOf(dataCenters: DataCenters, name: string): DataCenter {
  const dataCenter = dataCenters.get(name);
  if (dataCenter) return dataCenter;
  const message = `dataCenter ${name} is not in the catalogue`;
  const cure = `Use one of ${[...dataCenters.keys()].join(', ')}.`;
  const errors = [{ field: 'dataCenter', message, cure }];
  throw new Problem({ ...problems['unknown-data-center'], detail: `${message}. ${cure}`, errors });
}
