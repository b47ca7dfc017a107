/** A destination's API key and the service account's application key, in clear. Hold it as briefly as you can. */
export interface Credential {
  readonly apiKey: string;
  readonly applicationKey: string;
}

export const bytesOf = ({ apiKey, applicationKey }: Credential): Uint8Array =>
  new TextEncoder().encode(JSON.stringify({ apiKey, applicationKey }));

/** Reads what `bytesOf` wrote; undefined when it is something else. */
export function credentialFrom(bytes: Uint8Array): Credential | undefined {
  try {
    const { apiKey, applicationKey } = JSON.parse(new TextDecoder().decode(bytes)) as Partial<Credential>;
    if (typeof apiKey !== 'string' || typeof applicationKey !== 'string') return undefined;
    return { apiKey, applicationKey };
  } catch {
    // The parser's message would quote the clear text, so it goes no further; the caller raises `malformed`.
    return undefined;
  }
}
