import { Injectable } from '@nestjs/common';
import { type Connection, Connections, entryOf, type Share, type SnapshotOf } from '@pagebridge/contracts';
import type { ConsumedRecord } from '@pagebridge/kafka';
import type { KnownConnection } from '@pagebridge/trace';
import type { Refusal } from '../snapshots/refusals.ts';

interface Known extends KnownConnection {
  /** Undefined: it is deleted, or its record cannot be read and may have revoked something. */
  readonly sourceOrg: string | undefined;
  readonly share: Share;
  readonly revokedBefore: number;
  readonly version: number;
}

/** Knows of each connection its name and what it shares now, from its record alone, and keeps none of its sealed credentials. */
@Injectable()
export class KnownConnections {
  private readonly byId = new Map<string, Known>();

  /** Returns why the record cannot be read; undefined if it can. */
  readonly handle = (record: ConsumedRecord): string | undefined => {
    const id = String(record.key);
    const entry = entryOf<Connection>(Connections, record, ({ connectionId }) => connectionId);
    const before = this.byId.get(id);
    if (entry.kind !== 'value') {
      // Its pages are still told by its name, as long as this process lives.
      if (before) this.byId.set(id, { ...before, sourceOrg: undefined, version: 0 });
      return entry.kind === 'unreadable' ? entry.detail : undefined;
    }
    const { sourceOrg, name, slug, share = 'none', shareRevokedBefore, version } = entry.value;
    const { revision, checkedAt } = entry.value.credential;
    if (version < (before?.version ?? 0)) return undefined;
    const revokedBefore = shareRevokedBefore === undefined ? 0 : Date.parse(shareRevokedBefore);
    this.byId.set(id, { sourceOrg, name, slug, credential: { revision, checkedAt }, share, revokedBefore, version });
    return undefined;
  };

  of(ids: Iterable<string>): Map<string, KnownConnection> {
    return new Map([...ids].flatMap((id) => (this.byId.has(id) ? [[id, this.byId.get(id) as KnownConnection]] : [])));
  }

  /** Returns what a link may show now, or why it shows nothing. */
  shareOf({ connectionId, sourceOrg, acceptedAt }: SnapshotOf): Exclude<Share, 'none'> | Refusal {
    const known = this.byId.get(connectionId);
    if (known?.sourceOrg !== sourceOrg) return 'unknown';
    if (acceptedAt < known.revokedBefore) return 'revoked';
    return known.share === 'none' ? 'not-shared' : known.share;
  }
}
