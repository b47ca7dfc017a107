import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { Registry } from 'prom-client';
import { showGauges } from '../metrics.ts';

/**
 * Shows how long the certificates last whose files a configuration names. Kafka's are read at each scrape, as they are for each
 * connection; those of the database at the start alone. Of several CAs in a file, the last to expire counts, since the others
 * may have been replaced; of a chain its first certificate.
 */
export function showCertificates(registry: Registry, config: Readonly<Record<string, unknown>>): void {
  const files = Object.entries(config).flatMap(([variable, path]) =>
    /_TLS_(CA|CERT)_FILE$/.test(variable) && typeof path === 'string' && path !== '' ? [{ variable, path }] : [],
  );
  const expiries = files.map(({ variable, path }) => {
    const now = expiryIn(variable, path);
    return [variable, variable.startsWith('KAFKA_') ? () => expiryIn(variable, path) : () => now] as const;
  });
  const help = 'Seconds until the certificate expires, by the variable that names its file.';
  showGauges(registry, 'pagebridge_certificate_remaining_seconds', help, 'variable', () =>
    Object.fromEntries(
      expiries.flatMap(([variable, expiry]) => {
        const at = expiry();
        return at === undefined ? [] : [[variable, (at - Date.now()) / 1000]];
      }),
    ),
  );
}

/** Undefined if the file cannot be read: who uses it names the fault. */
function expiryIn(variable: string, path: string): number | undefined {
  try {
    const pems = readFileSync(path, 'utf8').match(/-----BEGIN CERTIFICATE-----.+?-----END CERTIFICATE-----/gs) ?? [];
    const ends = pems.map((pem) => new X509Certificate(pem).validToDate.getTime());
    return variable.endsWith('_CA_FILE') && ends.length > 0 ? Math.max(...ends) : ends[0];
  } catch {
    return undefined;
  }
}
