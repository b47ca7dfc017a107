import type { Connection, Directory, Handle, SourceOrg } from '@pagebridge/contracts';
import { type FedRegistry, HandleRegistry } from '@pagebridge/handle-registry';
import { AlertTopics } from '@pagebridge/routing';

/** A connection without its credential. */
export type KeptConnection = Omit<Connection, 'credential'>;
/** A team without what changes while nothing else does. */
export type KeptHandle = Omit<Handle, 'changedAt' | 'ownerEpoch'>;
export type KeptDirectory = Pick<Directory, 'directory' | 'teams' | 'unread' | 'refused'>;

/** The tables from which page-routing decides, as it applies them, with their content for an export. No credential is kept. */
export class RegistryTables implements FedRegistry {
  readonly registry = new HandleRegistry();
  readonly topics = new AlertTopics();
  readonly connections = new Map<string, KeptConnection>();
  readonly handles = new Map<string, KeptHandle>();
  readonly sourceOrgs = new Map<string, SourceOrg>();
  readonly directories = new Map<string, KeptDirectory>();

  applyConnection(connectionId: string, connection: (KeptConnection & { readonly credential?: unknown }) | null): void {
    const { credential: _, ...kept } = connection ?? {};
    if (this.registry.applyConnection(connectionId, connection)) {
      put(this.connections, connectionId, connection && (kept as KeptConnection));
    }
  }

  applyHandle(directory: string, teamId: string, handle: KeptHandle | null): void {
    this.registry.applyHandle(directory, teamId, handle);
    put(this.handles, `${directory}/${teamId}`, handle && keptOf(handle));
  }

  applySourceOrg(sourceOrg: string, settings: SourceOrg | null): void {
    if (!this.registry.applySourceOrg(sourceOrg, settings)) return;
    this.topics.apply(sourceOrg, settings);
    put(this.sourceOrgs, sourceOrg, settings);
  }

  applyDirectory(directory: string, status: KeptDirectory | null): void {
    put(this.directories, directory, status && statusOf(status));
  }
}

// Field by field: what else a record has may change while nothing else does.
const keptOf = ({
  directory,
  teamId,
  teamHandle,
  teamName,
  onCall,
  formerHandles,
  firstSeenAt,
}: KeptHandle): KeptHandle => ({
  ...{ directory, teamId, teamHandle, teamName, onCall, formerHandles, firstSeenAt },
});
const statusOf = ({ directory, teams, unread, refused }: KeptDirectory) => ({ directory, teams, unread, refused });

function put<Value>(map: Map<string, Value>, key: string, value: Value | null): void {
  if (value === null) map.delete(key);
  else map.set(key, value);
}
