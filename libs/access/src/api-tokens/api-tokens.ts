import type { Authentication, Authenticator, TokenRefusal } from '../authenticator.ts';
import { hashOfToken, hasTokenForm } from './token-form.ts';
import type { TokenRecord, TokenTable } from './token-table.ts';

export interface ApiTokensParts {
  readonly table: TokenTable;
  readonly clock: { now(): Date };
  /** Returns whether what the table has of a token, or all of it, lags by at most half a minute: it may lack a revocation otherwise. */
  readonly isFresh: (tokenId?: string) => boolean;
  /** Called for each request whose token is accepted. */
  readonly onUse: (token: TokenRecord) => void;
}

/** Authenticates API tokens by the table of known tokens. */
export class ApiTokens implements Authenticator {
  constructor(private readonly parts: ApiTokensParts) {}

  async authenticate(token: string | undefined): Promise<Authentication> {
    const { table, clock, isFresh, onUse } = this.parts;
    if (token === undefined) return refuse('no-token');
    if (!hasTokenForm(token)) return refuse('malformed');
    const known = table.find(hashOfToken(token));
    if (!isFresh(known?.record.tokenId)) return refuse('tokens-stale');
    if (!known) return refuse('unknown-token');
    if (known.record.revokedAt !== undefined) return refuse('revoked');
    if (known.expiresAtMs <= clock.now().getTime()) return refuse('expired');
    onUse(known.record);
    return { identity: known.identity };
  }
}

const details = {
  'no-token': 'Send the token as Authorization: Bearer <token>.',
  malformed: 'This API token is truncated or mistyped: its checksum does not match. Copy the whole token.',
  'tokens-stale': 'The service cannot check now whether an API token is revoked. Retry in a few seconds.',
  'unknown-token': 'The API token does not exist, or expired more than a day ago. Create a new token.',
  revoked: 'This API token was revoked. Create a new token.',
  expired: 'This API token has expired. Create a new token.',
} as const satisfies Partial<Record<TokenRefusal['reason'], string>>;

const refuse = (reason: keyof typeof details): Authentication => ({ refusal: { reason, detail: details[reason] } });
