import { type Binding, type KeyRing, SealedCredentialError } from '@pagebridge/sealed-credentials';
import { OncallApi } from './datadog/oncall-api.ts';
import type { Destination, DestinationOptions } from './destination.ts';
import type { Result } from './result.ts';

/** Opens a destination with one credential. Cheap, since all destinations share the sockets; `closePools` closes them. */
export const openDestination = (options: DestinationOptions): Destination => new OncallApi(options);

/** The part of a connection with its sealed credential. */
interface SealedConnection extends Binding {
  readonly credential: { readonly sealed: string; readonly former?: { readonly sealed: string } };
}

/** Opens the destination of a connection. Returns a failure if the credential cannot be unsealed. */
export async function openConnection(
  connection: SealedConnection,
  keys: KeyRing,
  options: Omit<DestinationOptions, 'credential'>,
): Promise<Result<Destination>> {
  try {
    const credential = await keys.open(connection.credential.sealed, connection);
    return { ok: true, value: openDestination({ ...options, credential }) };
  } catch (error) {
    if (!(error instanceof SealedCredentialError)) throw error;
    const detail = `The credential cannot be opened: ${error.message}.`;
    return { ok: false, failure: { kind: 'credential', cause: 'unauthorized', detail, sent: false } };
  }
}

/** Like `openConnection`, but falls back to the former credential, kept until the new one was used, if the new one cannot be unsealed. */
export async function openConnectionOrFormer(
  connection: SealedConnection,
  keys: KeyRing,
  options: Omit<DestinationOptions, 'credential'>,
): Promise<Result<Destination>> {
  const opened = await openConnection(connection, keys, options);
  const { former } = connection.credential;
  if (opened.ok || !former) return opened;
  const fallback = await openConnection({ ...connection, credential: former }, keys, options);
  return fallback.ok ? fallback : opened;
}
