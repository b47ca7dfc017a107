import { exportSPKI, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';

/** What a token of a test says; what is `undefined` is left out. */
export interface TokenParts {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: { readonly alg?: string; readonly kid?: string; readonly typ?: string | undefined };
}

export const algorithm = 'ES256';
export const audience = 'pagebridge';

/** The key of an issuer, and the name under which it publishes it. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
  readonly publicKey: GenerateKeyPairResult['publicKey'];
}

/** Makes tokens of an issuer, good ones and such as somebody might forge. */
export class TokenMint {
  constructor(
    private readonly issuer: string,
    private readonly key: SigningKey,
  ) {}

  /** A token that is good but for what is said otherwise. */
  token(parts: TokenParts = {}): Promise<string> {
    return this.signed(parts, this.key.privateKey);
  }

  /** The same, signed by a key that the issuer does not have, under the name of one that it has. */
  async signedByAnother(parts: TokenParts = {}): Promise<string> {
    return this.signed(parts, (await generateKeyPair(algorithm)).privateKey);
  }

  /** The same with the issuer's public key, which everybody knows, as the secret of an HMAC. */
  async signedWithPublicKey(parts: TokenParts = {}): Promise<string> {
    const secret = new TextEncoder().encode(await exportSPKI(this.key.publicKey));
    return this.signed({ ...parts, header: { ...parts.header, alg: 'HS256' } }, secret);
  }

  /** The same with `alg: none` and no signature. */
  unsigned({ claims, header }: TokenParts = {}): string {
    const text = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    return `${text({ ...this.header, ...header, alg: 'none' })}.${text({ ...this.claims, ...claims })}.`;
  }

  private get header() {
    return { alg: algorithm, kid: this.key.id, typ: 'at+jwt' };
  }

  private get claims() {
    return { iss: this.issuer, aud: audience, sub: 'ada', exp: Math.floor(Date.now() / 1000) + 300 };
  }

  private signed({ claims, header }: TokenParts, key: Parameters<SignJWT['sign']>[0]): Promise<string> {
    const its = { ...this.header, ...header };
    return new SignJWT({ ...this.claims, ...claims }).setProtectedHeader(its as typeof this.header).sign(key);
  }
}
