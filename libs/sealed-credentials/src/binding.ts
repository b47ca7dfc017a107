/** What a sealed credential belongs to; the opener takes it from the record that carries the blob, never from the blob. */
export interface Binding {
  readonly connectionId: string;
  readonly sourceOrg: string;
}

const context = 'pagebridge/credential/v1';

/** The bytes a seal authenticates beside its content. A JSON array, so that no two bindings share them. */
export const authenticatedDataOf = (binding: Binding): Uint8Array =>
  new TextEncoder().encode(JSON.stringify([context, binding.sourceOrg, binding.connectionId]));
