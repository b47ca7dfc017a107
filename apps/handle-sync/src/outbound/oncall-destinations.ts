import type { Connection } from '@pagebridge/contracts';
import { openConnection, type Result } from '@pagebridge/destination';
import type { KeyRing } from '@pagebridge/sealed-credentials';
import type { DataCenter } from '@pagebridge/vocabulary';
import type { DestinationReader, Destinations } from '../application/ports.ts';

/** Opens destinations. The opened credential exists for one sync only, and is not stored. */
export class OncallDestinations implements Destinations {
  constructor(
    private readonly dataCenters: ReadonlyMap<string, DataCenter>,
    private readonly keys: KeyRing,
    private readonly timeoutMs: number,
  ) {}

  async open(connection: Connection): Promise<Result<DestinationReader>> {
    const dataCenter = this.dataCenters.get(connection.dataCenter);
    if (dataCenter) return openConnection(connection, this.keys, { dataCenter, timeoutMs: this.timeoutMs });
    const detail = `Data center ${connection.dataCenter} is not in the catalogue. Add it to DATA_CENTERS.`;
    return { ok: false, failure: { kind: 'permanent', cause: 'rejected', detail, sent: false } };
  }
}
