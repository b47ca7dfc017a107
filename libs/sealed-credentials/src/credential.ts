/** A destination's API key and the service account's application key, unencrypted. Keep it as briefly as possible. */
export interface Credential {
  readonly apiKey: string;
  readonly applicationKey: string;
}

export const bytesOf = ({ apiKey, applicationKey }: Credential): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ apiKey, applicationKey }));

/** Parses the output of `bytesOf`; returns undefined for anything else. */
export function credentialFrom(bytes: Uint8Array): Credential | undefined {
  try {
    const { apiKey, applicationKey } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Credential>;
    if (typeof apiKey !== 'string' || typeof applicationKey !== 'string') return undefined;
    return { apiKey, applicationKey };
  } catch {
    // The parser's message would quote the plaintext, so it is dropped; the caller throws `malformed`.
    return undefined;
  }
}
