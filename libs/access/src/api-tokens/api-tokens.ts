import type { Authentication, Authenticator, TokenRefusal } from '../authenticator.ts';
import { hashOfToken, hasTokenForm } from './token-form.ts';
import type { TokenRecord, TokenTable } from './token-table.ts';

export interface ApiTokensParts {
  readonly table: TokenTable;
  readonly clock: { now(): Date };
  /** Whether the table is as Kafka has it, give or take half a minute: an older one may not know of a revocation. */
  readonly isFresh: () => boolean;
  /** Told of each request that a token was believed for. */
  readonly onUse: (token: TokenRecord) => void;
}

/** Believes API tokens that stand in the table. */
export class ApiTokens implements Authenticator {
  constructor(private readonly parts: ApiTokensParts) {}

  async authenticate(token: string | undefined): Promise<Authentication> {
    const { table, clock, isFresh, onUse } = this.parts;
    if (token === undefined) return refuse('no-token');
    if (!hasTokenForm(token)) return refuse('malformed');
    if (!isFresh()) return refuse('tokens-stale');
    const known = table.find(hashOfToken(token));
    if (!known) return refuse('unknown-token');
    if (known.record.revokedAt !== undefined) return refuse('revoked');
    if (known.expiresAtMs <= clock.now().getTime()) return refuse('expired');
    onUse(known.record);
    return { identity: known.identity };
  }
}

const details = {
  'no-token': 'Send the token as Authorization: Bearer <token>.',
  malformed: 'This API token was cut off or mistyped: its checksum does not fit. Copy it whole.',
  'tokens-stale': 'It is not known at present which API tokens are revoked; ask again in a moment.',
  'unknown-token': 'There is no such API token; one that has expired is forgotten after a day. Make another.',
  revoked: 'This API token was revoked. Make another.',
  expired: 'This API token has expired. Make another.',
} as const satisfies Partial<Record<TokenRefusal['reason'], string>>;

const refuse = (reason: keyof typeof details): Authentication => ({ refusal: { reason, detail: details[reason] } });
