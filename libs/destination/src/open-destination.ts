import { type Binding, type KeyRing, SealedCredentialError } from '@pagebridge/sealed-credentials';
import { OncallApi } from './datadog/oncall-api.ts';
import type { Destination, DestinationOptions } from './destination.ts';
import type { Result } from './result.ts';

/** Opens a destination with one credential. Cheap: sockets are shared by all, see `closePools`. */
export const openDestination = (options: DestinationOptions): Destination => new OncallApi(options);

/** As much of a connection as says which credential it has. */
interface SealedConnection extends Binding {
  readonly credential: { readonly sealed: string; readonly former?: { readonly sealed: string } };
}

/** Opens the destination behind a connection; that its credential cannot be opened is a failure like any other. */
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

/** The same for who must go on: while a rotation is unproven, the pair before it stands in for one that cannot be opened. */
export async function openConnectionOrFormer(
  connection: SealedConnection,
  keys: KeyRing,
  options: Omit<DestinationOptions, 'credential'>,
): Promise<Result<Destination>> {
  const opened = await openConnection(connection, keys, options);
  const { former } = connection.credential;
  if (opened.ok || !former) return opened;
  const instead = await openConnection({ ...connection, credential: former }, keys, options);
  return instead.ok ? instead : opened;
}
