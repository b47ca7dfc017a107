import type { Connection } from '@pagebridge/contracts';
import type { Step } from '../domain/page.ts';
import type { ConnectionReporter, Destination, Log } from './ports.ts';

/**
 * Tells what is wrong with a connection's credential, and when it is well again; the latest word counts.
 *
 * What could not be told is told again with the next `retry`. No page depends on it: pages wait in their lane.
 */
export class CredentialWatch {
  private readonly due = new Map<string, () => Promise<void>>();
  private readonly telling = new Set<string>();

  constructor(
    private readonly destination: Destination,
    private readonly reporter: ConnectionReporter,
    private readonly connections: { get(id: string): Connection | undefined },
    private readonly log: Log,
  ) {}

  refused(connectionId: string, step: Step, detail: string): void {
    this.log.warn({ connectionId, step, detail }, 'a credential is refused; its pages wait');
    this.tell(connectionId, async (connection) => {
      const diagnosis = await this.destination.diagnose(connection, step);
      if (diagnosis.kind !== 'missing') return this.reporter.credentialFault(connection, detail);
      const { permission } = diagnosis;
      const cure = `Give the service account a role that holds ${permission}.`;
      return this.reporter.credentialFault(connection, `${detail}. ${cure}`, permission);
    });
  }

  repaired(connectionId: string): void {
    this.log.info({ connectionId }, 'a credential works again; its pages go out');
    this.tell(connectionId, (connection) => this.reporter.repaired(connection));
  }

  retry(): void {
    for (const id of this.due.keys()) void this.work(id);
  }

  private tell(connectionId: string, say: (connection: Connection) => Promise<void>): void {
    this.due.set(connectionId, async () => {
      const connection = this.connections.get(connectionId);
      if (connection) await say(connection);
    });
    void this.work(connectionId);
  }

  private async work(connectionId: string): Promise<void> {
    if (this.telling.has(connectionId)) return;
    this.telling.add(connectionId);
    try {
      for (let say = this.due.get(connectionId); say; say = this.due.get(connectionId)) {
        await say();
        if (this.due.get(connectionId) === say) this.due.delete(connectionId);
      }
    } catch (error) {
      this.log.warn({ connectionId, error: String(error) }, 'a connection report was not written, it is tried again');
    } finally {
      this.telling.delete(connectionId);
    }
  }
}
