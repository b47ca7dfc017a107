/**
 * `unknown-key`: sealed for a key that is not in the ring. `not-openable`: modified, or moved from another
 * connection, org or destination. `malformed`: not a sealed credential. `bad-key`: the key material itself cannot be used.
 */
export type SealedCredentialErrorCode = 'unknown-key' | 'not-openable' | 'malformed' | 'bad-key';

/** Why a credential could not be sealed or opened. Its message holds key ids, never key material or plaintext. */
export class SealedCredentialError extends Error {
  override readonly name = 'SealedCredentialError';

  constructor(
    readonly code: SealedCredentialErrorCode,
    message: string,
    /** The id of the key that the sealed credential names, if known. */
    readonly kid?: string,
  ) {
    super(message);
  }
}
