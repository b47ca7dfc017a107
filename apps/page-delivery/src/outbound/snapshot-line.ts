import { type AlertState, type Connection, type PageState, SnapshotLinks } from '@pagebridge/contracts';
import { ConfigError, fromVariable, secretKeysIn } from '@pagebridge/service';
import type { PageDeliveryConfig } from '../config.ts';

/** Returns the line that ends the text of a page, the same for each of its attempts; undefined if its connection shares nothing. */
export type SnapshotLine = (connection: Connection, state: AlertState, page: PageState) => string | undefined;

/** Throws ConfigError. */
export function snapshotLineOf({
  SNAPSHOT_URL: url,
  SNAPSHOT_KEYS: keys,
}: Pick<PageDeliveryConfig, 'SNAPSHOT_URL' | 'SNAPSHOT_KEYS'>): SnapshotLine {
  if (url === undefined && keys === undefined) return () => undefined;
  if (url === undefined || keys === undefined) {
    throw new ConfigError('bad configuration: set both SNAPSHOT_URL and SNAPSHOT_KEYS, or neither');
  }
  const links = new SnapshotLinks(fromVariable('SNAPSHOT_KEYS', () => secretKeysIn(keys)));
  const base = `${url.replace(/\/+$/, '')}/s/`;
  return ({ connectionId, share = 'none', shareRevokedBefore = '' }, { sourceOrg }, { pageId, ...page }) => {
    const acceptedAt = Date.parse(page.acceptedAt);
    // A page may have waited since before its link was revoked.
    if (share === 'none' || acceptedAt < Date.parse(shareRevokedBefore)) return undefined;
    return `Snapshot of this alert (anyone with the link can read it): ${base}${links.tokenOf({ sourceOrg, connectionId, pageId, acceptedAt })}`;
  };
}
