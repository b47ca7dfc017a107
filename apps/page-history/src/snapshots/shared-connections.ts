import { Injectable } from '@nestjs/common';
import { type Connection, Connections, entryOf, type Share, type SnapshotOf } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import type { Refusal } from './refusals.ts';

interface Sharing {
  readonly sourceOrg: string;
  readonly share: Share;
  readonly revokedBefore: number;
  readonly version: number;
}

/** Knows what each connection shares now, from its record alone: no database has to remember what was revoked. */
@Injectable()
export class SharedConnections {
  private readonly byId = new Map<string, Sharing>();

  readonly handle = (record: ConsumedRecord): void => {
    const id = String(record.key);
    const entry = entryOf<Connection>(Connections, record, ({ connectionId }) => connectionId);
    if (entry.kind !== 'value') {
      // A record that cannot be read may have revoked something.
      this.byId.delete(id);
      return;
    }
    const { sourceOrg, share = 'none', shareRevokedBefore, version } = entry.value;
    if (version < (this.byId.get(id)?.version ?? 0)) return;
    const revokedBefore = shareRevokedBefore === undefined ? 0 : Date.parse(shareRevokedBefore);
    this.byId.set(id, { sourceOrg, share, revokedBefore, version });
  };

  /** Returns what a link may show now, or why it shows nothing. */
  shareOf({ connectionId, sourceOrg, acceptedAt }: SnapshotOf): Exclude<Share, 'none'> | Refusal {
    const sharing = this.byId.get(connectionId);
    if (sharing?.sourceOrg !== sourceOrg) return 'unknown';
    if (acceptedAt < sharing.revokedBefore) return 'revoked';
    return sharing.share === 'none' ? 'not-shared' : sharing.share;
  }
}
