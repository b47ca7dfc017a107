import { exportSPKI, type GenerateKeyPairResult, generateKeyPair, SignJWT } from 'jose';

/** The claims and header fields of a test token that differ from the defaults; `undefined` omits a claim or field. */
export interface TokenParts {
  readonly claims?: Readonly<Record<string, unknown>>;
  readonly header?: { readonly alg?: string; readonly kid?: string; readonly typ?: string | undefined };
}

export const algorithm = 'ES256';
export const audience = 'pagebridge';

/** The key pair of an issuer, with its key id. */
export interface SigningKey {
  readonly id: string;
  readonly privateKey: GenerateKeyPairResult['privateKey'];
  readonly publicKey: GenerateKeyPairResult['publicKey'];
}

/** Creates tokens of an issuer: valid ones, and ones that an attacker might forge. */
export class TokenMint {
  constructor(
    private readonly issuer: string,
    private readonly key: SigningKey,
  ) {}

  /** Returns a token that is valid except for the given parts. */
  token(parts: TokenParts = {}): Promise<string> {
    return this.signed(parts, this.key.privateKey);
  }

  /** Returns a token that is signed by a foreign key, with the key id of the issuer's key. */
  async signedByAnother(parts: TokenParts = {}): Promise<string> {
    return this.signed(parts, (await generateKeyPair(algorithm)).privateKey);
  }

  /** Returns a token with an HMAC whose secret is the public key of the issuer, which everyone can read. */
  async signedWithPublicKey(parts: TokenParts = {}): Promise<string> {
    const secret = new TextEncoder().encode(await exportSPKI(this.key.publicKey));
    return this.signed({ ...parts, header: { ...parts.header, alg: 'HS256' } }, secret);
  }

  /** Returns a token with `alg: none` and no signature. */
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
    const fields = { ...this.header, ...header };
    return new SignJWT({ ...this.claims, ...claims }).setProtectedHeader(fields as typeof this.header).sign(key);
  }
}
