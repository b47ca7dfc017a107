import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConnectionOptions, createSecureContext, type SecureContext } from 'node:tls';
import type { KafkaLog } from '../settings.ts';

/** The paths of PEM files. Without a CA those that Node trusts count. */
export interface TlsFiles {
  readonly ca: string | undefined;
  readonly cert: string | undefined;
  readonly key: string | undefined;
}

export const tlsVariables = {
  ca: 'KAFKA_TLS_CA_FILE',
  cert: 'KAFKA_TLS_CERT_FILE',
  key: 'KAFKA_TLS_KEY_FILE',
} as const;
type Pem = { readonly [Name in keyof TlsFiles]: string | undefined };

/**
 * What TLS connections are made with, of files that are read again for each of them: connections are few, and a rotated
 * certificate is used by the next one. Changed files that cannot be used are logged once, and the former stay.
 */
export class TlsMaterial {
  private pem: Pem;
  private context: SecureContext;

  /** Throws an Error that names the variable whose file is wrong. */
  constructor(private readonly files: TlsFiles) {
    this.pem = read(files);
    this.context = contextOf(this.pem);
  }

  readonly options = (log: KafkaLog): ConnectionOptions => {
    try {
      this.refresh();
    } catch (error) {
      log.error('Changed TLS files cannot be used, the former stay in use', { error: (error as Error).message });
    }
    return { secureContext: this.context };
  };

  private refresh(): void {
    const now = read(this.files);
    if (now.ca === this.pem.ca && now.cert === this.pem.cert && now.key === this.pem.key) return;
    this.pem = now;
    this.context = contextOf(now);
  }
}

function read(files: TlsFiles): Pem {
  const textOf = (name: keyof TlsFiles): string | undefined => {
    const path = files[name];
    if (path === undefined) return undefined;
    try {
      return readFileSync(path, 'utf8');
    } catch (error) {
      throw new Error(
        `${tlsVariables[name]} names a file that cannot be read (${(error as NodeJS.ErrnoException).code})`,
      );
    }
  };
  return { ca: textOf('ca'), cert: textOf('cert'), key: textOf('key') };
}

function contextOf({ ca, cert, key }: Pem): SecureContext {
  if (ca !== undefined) certificateIn(ca, 'ca');
  if (cert !== undefined) {
    const { validToDate } = certificateIn(cert, 'cert');
    if (validToDate < new Date()) throw new Error(`${tlsVariables.cert}: it expired at ${validToDate.toISOString()}`);
  }
  try {
    return createSecureContext({ ca, cert, key });
  } catch (error) {
    throw new Error(`${tlsVariables.key}: it is not the key of ${tlsVariables.cert} (${(error as Error).message})`);
  }
}

function certificateIn(pem: string, name: 'ca' | 'cert'): X509Certificate {
  try {
    return new X509Certificate(pem);
  } catch {
    throw new Error(`${tlsVariables[name]} must hold certificates in PEM`);
  }
}
