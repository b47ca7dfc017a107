import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type * as X509 from '@peculiar/x509';

/** A certificate and its key, in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateWish {
  /** Its common name, which Kafka takes for the name of a client. */
  readonly name: string;
  /** Host names and addresses of a server. */
  readonly hosts?: readonly string[];
  readonly validTo?: Date;
}

interface Signer {
  readonly x509: typeof X509;
  readonly name: string;
  readonly keys: webcrypto.CryptoKeyPair;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;

/** Signs certificates for a test, without openssl or keytool, which not every machine has. */
export class CertificateAuthority {
  private constructor(
    private readonly signer: Signer,
    /** Its own certificate, in PEM: what a client trusts. */
    readonly cert: string,
  ) {}

  static async create(name = 'Test CA'): Promise<CertificateAuthority> {
    // Loaded here: few tests need it, and it takes its time.
    await import('reflect-metadata');
    const x509 = await import('@peculiar/x509');

    const keys = await newKeys();
    const signer = { x509, name, keys };
    const extensions = [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ];
    return new CertificateAuthority(signer, await sign(signer, { name }, keys.publicKey, extensions));
  }

  async issue({ hosts = [], ...wish }: CertificateWish): Promise<Issued> {
    const { x509 } = this.signer;
    const keys = await newKeys();
    const names = hosts.map((host) => ({ type: isIP(host) ? ('ip' as const) : ('dns' as const), value: host }));
    const extensions = names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [];
    const cert = await sign(this.signer, wish, keys.publicKey, extensions);
    const pkcs8 = await webcrypto.subtle.exportKey('pkcs8', keys.privateKey);
    return { cert, key: x509.PemConverter.encode(pkcs8, 'PRIVATE KEY') };
  }
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function sign(
  { x509, name: issuer, keys }: Signer,
  { name, validTo = new Date(Date.now() + dayMs) }: CertificateWish,
  publicKey: webcrypto.CryptoKey,
  extensions: X509.Extension[],
): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: `CN=${issuer}`,
    notBefore: new Date(Date.now() - 2 * dayMs),
    notAfter: validTo,
    publicKey,
    signingKey: keys.privateKey,
    signingAlgorithm: algorithm,
    extensions,
  });
  return certificate.toString('pem');
}
