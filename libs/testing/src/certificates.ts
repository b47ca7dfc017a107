import { webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type * as X509 from '@peculiar/x509';

/** A certificate and its key, in PEM. */
export interface Issued {
  readonly cert: string;
  readonly key: string;
}

export interface CertificateInput {
  /** The common name, from which Kafka derives the principal of a client. */
  readonly name: string;
  /** The host names and addresses of a server. */
  readonly hosts?: readonly string[];
  readonly validTo?: Date;
}

interface Signer {
  readonly x509: typeof X509;
  readonly name: string;
  readonly privateKey: webcrypto.CryptoKey;
}

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;

/** Signs certificates for a test or a local stack, without openssl or keytool, which some machines lack. */
export class CertificateAuthority {
  private constructor(
    private readonly signer: Signer,
    /** The CA certificate that clients trust, in PEM. */
    readonly cert: string,
    /** The private key of the CA, in PEM. */
    readonly key: string,
  ) {}

  static async create(name = 'Test CA', validTo?: Date): Promise<CertificateAuthority> {
    const x509 = await loadX509();
    const { privateKey, publicKey } = await newKeys();
    const signer = { x509, name, privateKey };
    const extensions = [
      new x509.BasicConstraintsExtension(true, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign, true),
    ];
    const cert = await sign(signer, validTo ? { name, validTo } : { name }, publicKey, extensions);
    return new CertificateAuthority(signer, cert, await pemOf(x509, privateKey));
  }

  /** Restores an authority from its certificate and key. */
  static async of({ cert, key }: Issued): Promise<CertificateAuthority> {
    const x509 = await loadX509();
    const [name = ''] = new x509.X509Certificate(cert).subjectName.getField('CN');
    const pkcs8 = x509.PemConverter.decodeFirst(key);
    const privateKey = await webcrypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']);
    return new CertificateAuthority({ x509, name, privateKey }, cert, key);
  }

  async issue({ hosts = [], ...subject }: CertificateInput): Promise<Issued> {
    const { x509 } = this.signer;
    const { privateKey, publicKey } = await newKeys();
    const names = hosts.map((host) => ({ type: isIP(host) ? ('ip' as const) : ('dns' as const), value: host }));
    const extensions = names.length > 0 ? [new x509.SubjectAlternativeNameExtension(names)] : [];
    const cert = await sign(this.signer, subject, publicKey, extensions);
    return { cert, key: await pemOf(x509, privateKey) };
  }
}

/** Loads the module on demand: few tests need it, and loading it is slow. */
async function loadX509(): Promise<typeof X509> {
  await import('reflect-metadata');
  return import('@peculiar/x509');
}

async function pemOf(x509: typeof X509, privateKey: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey('pkcs8', privateKey), 'PRIVATE KEY');
}

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

async function sign(
  { x509, name: issuer, privateKey }: Signer,
  { name, validTo = new Date(Date.now() + dayMs) }: CertificateInput,
  publicKey: webcrypto.CryptoKey,
  extensions: X509.Extension[],
): Promise<string> {
  const certificate = await x509.X509CertificateGenerator.create({
    subject: `CN=${name}`,
    issuer: `CN=${issuer}`,
    notBefore: new Date(Date.now() - 2 * dayMs),
    notAfter: validTo,
    publicKey,
    signingKey: privateKey,
    signingAlgorithm: algorithm,
    extensions,
  });
  return certificate.toString('pem');
}
