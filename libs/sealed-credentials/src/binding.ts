/** What a sealed credential is bound to. The opener takes it from the record, never from the sealed credential itself. */
export interface Binding {
  readonly connectionId: string;
  readonly sourceOrg: string;
  /** Where the credential is sent: a forged record with another data center or org cannot open it. */
  readonly dataCenter: string;
  readonly destinationOrg: { readonly id: string };
}

const context = 'pagebridge/credential/v1';

/** Returns the bytes that a seal authenticates besides its content: a JSON array, so that different bindings never share them. */
export const authenticatedDataOf = ({ sourceOrg, connectionId, dataCenter, destinationOrg }: Binding): Uint8Array =>
  new TextEncoder().encode(JSON.stringify([context, sourceOrg, connectionId, dataCenter, destinationOrg.id]));
