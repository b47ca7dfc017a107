/** What a sealed credential belongs to; the opener takes it from the record that carries the blob, never from the blob. */
export interface Binding {
  readonly connectionId: string;
  readonly sourceOrg: string;
  /** Where it is sent: a record that names another place, of whomever wrote it, opens nothing. */
  readonly dataCenter: string;
  readonly destinationOrg: { readonly id: string };
}

const context = 'pagebridge/credential/v1';

/** The bytes a seal authenticates beside its content. A JSON array, so that no two bindings share them. */
export const authenticatedDataOf = ({ sourceOrg, connectionId, dataCenter, destinationOrg }: Binding): Uint8Array =>
  new TextEncoder().encode(JSON.stringify([context, sourceOrg, connectionId, dataCenter, destinationOrg.id]));
