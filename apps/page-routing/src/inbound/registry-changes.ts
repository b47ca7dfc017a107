import type { Connection, Handle, SourceOrg } from '@pagebridge/contracts';
import type { FedRegistry, HandleRegistry } from '@pagebridge/handle-registry';
import type { AlertTopics } from '@pagebridge/routing';
import type { DeferredPaging } from '../application/deferred-paging/deferred-paging.ts';

/** Applies changes to the registry, and then reports to deferred paging which handles may have become known. */
export class RegistryChanges implements FedRegistry {
  constructor(
    private readonly registry: Pick<HandleRegistry, 'applyConnection' | 'applyHandle' | 'applySourceOrg'>,
    private readonly late: Pick<DeferredPaging, 'teamsKnown' | 'orgChanged'>,
    private readonly topics: AlertTopics,
  ) {}

  applyConnection(connectionId: string, connection: Connection | null): void {
    this.registry.applyConnection(connectionId, connection);
    if (connection) this.late.orgChanged(connection.sourceOrg);
  }

  applyHandle(directory: string, teamId: string, handle: Handle | null): void {
    this.registry.applyHandle(directory, teamId, handle);
    if (!handle) return;
    const former = handle.formerHandles.map(({ teamHandle }) => teamHandle);
    this.late.teamsKnown([handle.teamHandle, ...former]);
  }

  applySourceOrg(sourceOrg: string, settings: SourceOrg | null): void {
    if (!this.registry.applySourceOrg(sourceOrg, settings)) return;
    this.topics.apply(sourceOrg, settings);
    this.late.orgChanged(sourceOrg);
  }
}
