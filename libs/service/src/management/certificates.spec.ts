import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CertificateAuthority } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { showCertificates } from './certificates.ts';

const folder = mkdtempSync(join(tmpdir(), 'certificates-'));
const file = (name: string) => join(folder, name);
const inDays = (days: number) => new Date(Date.now() + days * 86_400_000);
const daysIn = async (registry: Registry) => {
  const { values = [] } = (await registry.getSingleMetric('pagebridge_certificate_remaining_seconds')?.get()) ?? {};
  return Object.fromEntries(values.map(({ labels, value }) => [labels.variable, Math.round(value / 86_400)]));
};
let certOf: (days: number) => Promise<string>;

beforeAll(async () => {
  const authority = await CertificateAuthority.create();
  certOf = async (days) => (await authority.issue({ name: 'page-routing', validTo: inDays(days) })).cert;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe('the time that certificates have left', () => {
  it('is that of the file of each variable now; of several CAs that of the last', async () => {
    const registry = new Registry();
    writeFileSync(file('ca.pem'), `${await certOf(3)}\n${await certOf(90)}\n`);
    writeFileSync(file('client.pem'), await certOf(5));
    showCertificates(registry, {
      KAFKA_TLS: 'on',
      KAFKA_TLS_CA_FILE: file('ca.pem'),
      KAFKA_TLS_CERT_FILE: file('client.pem'),
      KAFKA_TLS_KEY_FILE: file('key.pem'),
    });
    expect(await daysIn(registry)).toEqual({ KAFKA_TLS_CA_FILE: 90, KAFKA_TLS_CERT_FILE: 5 });
    writeFileSync(file('client.pem'), await certOf(30));
    expect(await daysIn(registry)).toEqual({ KAFKA_TLS_CA_FILE: 90, KAFKA_TLS_CERT_FILE: 30 });
    rmSync(file('client.pem'));
    expect(await daysIn(registry)).toEqual({ KAFKA_TLS_CA_FILE: 90 });
  });

  it('is that of the certificate in use where a file is read at the start alone', async () => {
    const registry = new Registry();
    writeFileSync(file('database.pem'), await certOf(5));
    showCertificates(registry, { DATABASE_TLS_CERT_FILE: file('database.pem') });
    writeFileSync(file('database.pem'), await certOf(30));
    expect(await daysIn(registry)).toEqual({ DATABASE_TLS_CERT_FILE: 5 });
  });
});
