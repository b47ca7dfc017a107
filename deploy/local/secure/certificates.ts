import { X509Certificate } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CertificateAuthority, type Issued } from '@pagebridge/testing';
import type { StackFolder } from '../folder.ts';

const dayMs = 24 * 60 * 60 * 1000;
const daysValid = { authority: 3650, issued: 365 } as const;
// A stack is restarted more often than every 30 days.
const leastDaysLeft = 30;

const authority = 'ca';
/** The servers. Their certificates have a host name too: the driver of the database checks names only, no addresses. */
const servers: readonly string[] = ['broker', 'database'];
const hosts = ['localhost', '127.0.0.1'];

/** The certificate and key files of a server, a client, or the `ca` that signs them. */
export function certificateFiles(folder: StackFolder, name: string): Issued {
  const path = (file: string) => join(folder.path, 'certificates', file);
  return { cert: path(`${name}.pem`), key: path(`${name}-key.pem`) };
}

/** The CA of a secure stack, which signs nothing else. */
export const caFile = (folder: StackFolder): string => certificateFiles(folder, authority).cert;

/** Writes certificate and key to one file, as Kafka reads them, and returns its path. */
export function keystoreOf(folder: StackFolder, name: string): string {
  const { cert, key } = textOf(certificateFiles(folder, name));
  const file = join(folder.path, 'certificates', `${name}-keystore.pem`);
  writeFileSync(file, `${key}\n${cert}\n`, { mode: 0o600 });
  return file;
}

/** Creates the certificates of the servers and these clients that are missing or end within 30 days. */
export async function makeCertificates(folder: StackFolder, clients: readonly string[]): Promise<void> {
  mkdirSync(dirname(caFile(folder)), { recursive: true, mode: 0o700 });
  if (!isLasting(folder, authority)) {
    const { cert, key } = await CertificateAuthority.create('Pagebridge local stack', inDays(daysValid.authority));
    write(folder, authority, { cert, key });
  }
  for (const name of [...servers, ...clients]) {
    if (!isLasting(folder, name)) await issueCertificate(folder, name);
  }
}

/** Creates a new certificate with a new key, replacing the former one. */
export async function issueCertificate(folder: StackFolder, name: string): Promise<void> {
  const ca = await CertificateAuthority.of(textOf(certificateFiles(folder, authority)));
  const validTo = inDays(daysValid.issued);
  write(folder, name, await ca.issue({ name, validTo, ...(servers.includes(name) ? { hosts } : {}) }));
}

function isLasting(folder: StackFolder, name: string): boolean {
  const { cert, key } = certificateFiles(folder, name);
  if (!existsSync(cert) || !existsSync(key)) return false;
  const certificate = new X509Certificate(readFileSync(cert));
  const signer = new X509Certificate(readFileSync(caFile(folder)));
  return certificate.validToDate > inDays(leastDaysLeft) && certificate.verify(signer.publicKey);
}

function write(folder: StackFolder, name: string, issued: Issued): void {
  const files = certificateFiles(folder, name);
  writeFileSync(files.key, issued.key, { mode: 0o600 });
  writeFileSync(files.cert, issued.cert);
}

const textOf = ({ cert, key }: Issued): Issued => ({
  cert: readFileSync(cert, 'utf8'),
  key: readFileSync(key, 'utf8'),
});

const inDays = (days: number) => new Date(Date.now() + days * dayMs);
