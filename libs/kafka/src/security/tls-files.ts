import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import { isDeepStrictEqual } from 'node:util';
import type { KafkaLog } from '../settings.ts';

export const tlsVariables = {
  ca: 'KAFKA_TLS_CA_FILE',
  cert: 'KAFKA_TLS_CERT_FILE',
  key: 'KAFKA_TLS_KEY_FILE',
} as const;
type Part = keyof typeof tlsVariables;

/** The paths of PEM files, or their contents. Without a CA, the CAs that Node trusts apply. */
type Parts = { readonly [part in Part]: string | undefined };

/**
 * Provides TLS options from PEM files. Connections are rare, so the files are read again for each connection, and the
 * next one uses a rotated certificate. If changed files cannot be used, this is logged once and the former stay in use.
 */
export class TlsMaterial {
  private pem: Parts;
  private context: SecureContext;
  private fault = '';

  /** Throws an Error that names the variable whose file is wrong. */
  constructor(private readonly paths: Parts) {
    this.pem = read(paths);
    this.context = contextOf(this.pem);
  }

  readonly options = (log: KafkaLog): ConnectionOptions => {
    const previous = this.fault;
    this.fault = this.refresh();
    if (this.fault !== '' && this.fault !== previous) {
      log.error('reloading TLS files failed; keeping previous ones', { error: this.fault });
    }
    return { secureContext: this.context };
  };

  /** Reads the files again. Returns why they cannot be used, or an empty text if they can. */
  private refresh(): string {
    try {
      const now = read(this.paths);
      if (!isDeepStrictEqual(now, this.pem)) this.context = contextOf(now);
      this.pem = now;
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  }
}

function read(paths: Parts): Parts {
  const pemOf = (part: Part) => paths[part] && textOf(tlsVariables[part], paths[part]);
  return { ca: pemOf('ca'), cert: pemOf('cert'), key: pemOf('key') };
}

/** Reads a file. Throws an Error that names the variable with its path. */
export function textOf(variable: string, path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new Error(`${variable} names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${path}`);
  }
}

function contextOf({ ca, cert, key }: Parts): SecureContext {
  if (ca !== undefined) certificateIn(ca, 'ca');
  if (cert !== undefined) {
    const { validToDate } = certificateIn(cert, 'cert');
    if (validToDate < new Date())
      throw new Error(`${tlsVariables.cert}: the certificate expired at ${validToDate.toISOString()}`);
  }
  try {
    return createSecureContext({ ca, cert, key });
  } catch (error) {
    throw new Error(
      `${tlsVariables.key}: the key does not match the certificate in ${tlsVariables.cert} (${(error as Error).message})`,
    );
  }
}

function certificateIn(pem: string, name: 'ca' | 'cert'): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Error(`${tlsVariables[name]} must hold certificates in PEM`);
  }
}
