import { createHmac, type KeyObject, timingSafeEqual } from 'node:crypto';

/** For how many days after its page was accepted a link opens. */
export const linkDays = 7;
/** The longest token, whatever its page. */
export const maxTokenLength = 512;

/** What a link leads to: one page, over one connection. Times are in milliseconds since 1970. */
export interface SnapshotOf {
  readonly sourceOrg: string;
  readonly connectionId: string;
  readonly pageId: string;
  /** When page-delivery accepted the page: a link is the same for each attempt. */
  readonly acceptedAt: number;
  readonly expiresAt: number;
}

/** `forged`: nobody signed it with one of these keys. */
export type Opened = { readonly kind: 'open'; readonly of: SnapshotOf } | { readonly kind: 'expired' | 'forged' };

const linkMs = linkDays * 24 * 60 * 60 * 1000;

/**
 * Signs the tokens of links that page-delivery puts into pages, and opens them in page-history. Whoever has a token may read what
 * its connection shares.
 *
 * A token is `<kid>.<payload>.<HMAC-SHA256>`. The first key signs, all open.
 */
export class SnapshotLinks {
  readonly #keys: ReadonlyMap<string, KeyObject>;

  constructor(keys: ReadonlyMap<string, KeyObject>) {
    this.#keys = keys;
  }

  tokenOf({ sourceOrg, connectionId, pageId, acceptedAt }: Omit<SnapshotOf, 'expiresAt'>): string {
    const [[kid, key] = []] = this.#keys;
    if (kid === undefined || key === undefined) throw new Error('there is no key');
    const said = JSON.stringify([sourceOrg, connectionId, pageId, acceptedAt, acceptedAt + linkMs]);
    const signed = `${kid}.${Buffer.from(said).toString('base64url')}`;
    return `${signed}.${macOf(key, signed)}`;
  }

  open(token: string, now: number): Opened {
    if (token.length > maxTokenLength) return forged;
    const [kid = '', payload = '', mac = ''] = token.split('.');
    const key = this.#keys.get(kid);
    // Compared as text, since several texts of base64url are the same bytes.
    if (!key || token !== `${kid}.${payload}.${mac}` || !isSame(mac, macOf(key, `${kid}.${payload}`))) return forged;
    const [sourceOrg, connectionId, pageId, acceptedAt, expiresAt] = JSON.parse(
      Buffer.from(payload, 'base64url').toString(),
    );
    if (now >= expiresAt) return { kind: 'expired' };
    return { kind: 'open', of: { sourceOrg, connectionId, pageId, acceptedAt, expiresAt } };
  }
}

const forged: Opened = { kind: 'forged' };

// The purpose is signed too, so that a key which serves others by mistake proves nothing here.
const macOf = (key: KeyObject, signed: string): string =>
  createHmac('sha256', key).update(`pagebridge snapshot v1 ${signed}`).digest('base64url');

function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)];
  return a.length === b.length && timingSafeEqual(a, b);
}
